import pytest
from django.test import Client

from apps.support.models import AgentProfile
from tests.apps.support.factories import make_person

pytestmark = pytest.mark.django_db


def test_an_agents_skills_are_written_with_commas_and_spelled_as_intents_spell_them(client: Client) -> None:
    client.force_login(make_person("lea", "support_lead", is_staff=True))
    agent = make_person("anna")
    client.post(
        "/admin/support/agentprofile/add/",
        {"user": agent.pk, "skills": "orders, Late Parcels,, late_parcels", "capacity": 4, "is_taking": "on"},
    )

    assert AgentProfile.objects.get().skills == ["orders", "late_parcels"]


def test_the_policy_has_one_page_and_that_is_not_here(client: Client) -> None:
    client.force_login(make_person("lea", "support_lead", is_staff=True))

    assert client.get("/admin/support/policy/").status_code == 404
