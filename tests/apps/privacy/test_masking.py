"""Names are masked by the champion where there is one; a version that can't answer is told."""

import logging
from pathlib import Path

import pytest

from apps.privacy.masking import Masker, Search, masker, search_for_names
from apps.registry.models import Alias
from apps.serving.live import LiveModels
from tests.apps.privacy.taggers import WordTagger, make_tagger

pytestmark = pytest.mark.django_db


def test_without_a_champion_rules_mask_alone(
    tagger_models: LiveModels, caplog: pytest.LogCaptureFixture
) -> None:
    tagger_models.refresh()

    with masker() as names:
        assert names.mask("my card, mail ann@example.com") == "my card, mail [EMAIL_ADDRESS]"
        assert (names.version, names.has_missed) == (None, False)
    assert not caplog.records


def test_the_champion_masks_names_and_rules_the_rest(tagger_models: LiveModels, tmp_path: Path) -> None:
    version = make_tagger(tmp_path)  # to it, Card is a name
    tagger_models.refresh()

    with masker(waits=True) as names:
        assert names.mask("Card is my mail card@example.com") == "[PERSON] is my mail [EMAIL_ADDRESS]"
        assert names.version == version.number
    assert search_for_names() == Search(version.number, version.number)


def test_after_a_rollback_the_version_before_masks(tagger_models: LiveModels, tmp_path: Path) -> None:
    first, second = make_tagger(tmp_path), make_tagger(tmp_path, known=1)
    Alias.objects.filter(version=second).update(version=first)
    tagger_models.refresh()

    with masker(waits=True) as names:
        assert names.mask("card lost") == "[PERSON] lost"


def test_a_champion_that_cannot_be_loaded_is_told(
    tagger_models: LiveModels, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    version = make_tagger(tmp_path)
    type(version).objects.filter(pk=version.pk).update(digest="0" * 64)  # nothing in the store
    tagger_models.refresh()

    with caplog.at_level(logging.ERROR), masker(waits=True) as names:
        assert names.has_missed
        assert names.mask("card") == "card"
    assert "names are not looked for" in caplog.text
    assert search_for_names() == Search(version.number, None)


def test_one_that_is_still_loading_holds_nobody_up(tagger_models: LiveModels, tmp_path: Path) -> None:
    make_tagger(tmp_path)
    tagger_models._catalogue = tagger_models._read()  # read, and nothing loaded

    with masker() as names:
        assert names.has_missed


def test_many_texts_are_masked_each_once() -> None:
    names = Masker(version=1, tagger=WordTagger())

    assert names.mask_all(["Ann", "no", "Ann"]) == ["[PERSON]", "no", "[PERSON]"]


@pytest.mark.parametrize("label", ["PERSON", "OWN_LABEL"])
def test_masked_names_stay_as_they_are(label: str) -> None:
    names = Masker(version=1, tagger=WordTagger((label,)))

    assert names.mask(f"I am [{label}].") == f"I am [{label}]."
