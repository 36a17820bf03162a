from dataclasses import replace

import pytest

from apps.registry import families
from apps.registry.families import Family, UnknownFamilyError
from modelcore.errors import InputError
from tests.apps.registry.factories import make_family


def test_the_products_declare_their_families() -> None:
    names = {family.name for family in families.all()}

    assert names >= {"personal-data", "recommend-encoder", "sentiment-polarity", "support-intent"}


def test_an_unknown_family_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownFamilyError, match="support-intent"):
        families.get("no-such")


def test_two_apps_cannot_declare_one_name(family: Family) -> None:
    with pytest.raises(ValueError, match="two apps"):
        families.register(make_family(family.name))


def test_a_person_changes_the_recipe(family: Family) -> None:
    recipe = families.recipe_of(family, {"seed": 9})

    assert (recipe.seed, recipe.method) == (9, family.recipe.method)


def test_an_unknown_setting_is_refused(family: Family) -> None:
    with pytest.raises(InputError, match="magic"):
        families.recipe_of(family, {"magic": 1})


def test_texts_that_come_alone_take_one_thread(family: Family) -> None:
    assert families.threads_of(family.name) == families.THREADS
    assert replace(family, alone_ms=2.0).threads == 1


def test_a_family_that_nobody_declares_any_more_is_served_like_others() -> None:
    assert families.threads_of("gone") == families.THREADS
