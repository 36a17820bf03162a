import pytest
from django.test import Client

from apps.accounts.models import AuditEntry, User
from apps.support.models import AgentProfile, Policy
from tests.apps.support.factories import make_person

pytestmark = pytest.mark.django_db
SAID = {"target_precision": "0.98", "hold_out_share": "0.05", "response_minutes": "10", "context_url": ""}


@pytest.fixture
def lead(client: Client) -> User:
    person = make_person("lea", "support_lead", is_staff=True)
    client.force_login(person)
    return person


def test_the_policy_is_one_row_and_its_change_is_on_the_trail(client: Client, lead: User) -> None:
    origins = "https://shop.example\nhttps://shop.example"
    for _ in range(2):
        page = client.get("/admin/support/policy/", follow=True)
        client.post(page.request["PATH_INFO"], {**SAID, "widget_origins": origins})

    policy = Policy.objects.get()
    assert (policy.pk, policy.target_precision, policy.widget_origins) == (1, 0.98, ["https://shop.example"])
    entry = AuditEntry.objects.filter(action="support.policy_changed").last()
    assert entry is not None
    assert entry.actor == lead


@pytest.mark.parametrize("origin", ["shop.example", "https://shop.example/page", "ftp://shop.example"])
def test_what_is_no_origin_is_refused(client: Client, lead: User, origin: str) -> None:
    answer = client.post("/admin/support/policy/add/", {**SAID, "widget_origins": origin})

    assert "is no origin" in answer.text
    assert not Policy.objects.exists()


def test_an_agents_skills_are_written_with_commas(client: Client, lead: User) -> None:
    agent = make_person("anna")
    client.post(
        "/admin/support/agentprofile/add/",
        {"user": agent.pk, "skills": "orders, returns,", "capacity": 4, "is_taking": "on"},
    )

    assert AgentProfile.objects.get().skills == ["orders", "returns"]


def test_an_auditor_reads_the_policy_and_changes_nothing(client: Client) -> None:
    Policy.objects.create(pk=1)
    client.force_login(make_person("otto", "auditor", is_staff=True))

    assert client.get("/admin/support/policy/1/change/").status_code == 200
    assert client.post("/admin/support/policy/1/change/", SAID).status_code == 403
