"""Rows from before names were spelled alike."""

from importlib import import_module

import pytest
from django.apps import apps

from apps.accounts.models import User
from apps.support.models import AgentProfile, Placeholder

pytestmark = pytest.mark.django_db


def spell_alike() -> None:
    import_module("apps.support.migrations.0022_skills_and_placeholders_are_spelled_alike").spell_alike(
        apps, None
    )


def test_an_agent_is_found_by_the_skills_that_were_written_otherwise(agent: User) -> None:
    AgentProfile.objects.create(user=agent, skills=["Late Parcels", "late_parcels", "returns"])

    spell_alike()

    assert AgentProfile.objects.get().skills == ["late_parcels", "returns"]


def test_a_placeholder_is_found_by_its_name_unless_another_has_that() -> None:
    for name in ("Order-No", "Colour", "colour"):
        Placeholder.objects.create(name=name)

    spell_alike()

    assert set(Placeholder.objects.values_list("name", flat=True)) == {"order_no", "Colour", "colour"}
