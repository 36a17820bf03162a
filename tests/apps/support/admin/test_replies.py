import pytest
from django.test import Client

from apps.support.models import CannedReply, Placeholder, Tag
from tests.apps.support.factories import make_person

pytestmark = pytest.mark.django_db
SAID = {"name": "order_id", "kind": "identifier", "source": "conversation", "when_missing": "hand_over"}


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(make_person("lea", "support_lead", is_staff=True))
    return client


def test_a_placeholder_is_kept(lead: Client) -> None:
    lead.post("/admin/support/placeholder/add/", {**SAID, "pattern": r"#?(\d{5})"})

    assert Placeholder.objects.get().pattern == r"#?(\d{5})"


def test_a_placeholder_is_spelled_as_answers_spell_it_and_keeps_its_name(lead: Client) -> None:
    path = "/admin/support/placeholder"
    lead.post(f"{path}/add/", {**SAID, "name": "Order No", "pattern": r"(?<=order )\d++"})
    kept = Placeholder.objects.get()
    lead.post(f"{path}/{kept.pk}/change/", {**SAID, "name": "other", "pattern": r"\d+"})

    assert list(Placeholder.objects.values_list("name", "pattern")) == [("order_no", r"\d+")]


@pytest.mark.parametrize(
    "wrong",
    [{"pattern": "("}, {"when_missing": "ask"}, {"source": "setting"}, {"pattern": ""}, {"name": "?!"}],
)
def test_a_placeholder_that_could_not_work_is_refused(lead: Client, wrong: dict[str, str]) -> None:
    lead.post("/admin/support/placeholder/add/", {**SAID, "pattern": ".", **wrong})

    assert not Placeholder.objects.exists()


def test_tags_and_canned_replies_are_kept(lead: Client) -> None:
    lead.post("/admin/support/tag/add/", {"name": "vip"})
    lead.post("/admin/support/cannedreply/add/", {"shortcut": "hi", "title": "Hello", "body": "Hello!"})

    assert Tag.objects.get().name == "vip"
    assert CannedReply.objects.get().owner is None


def test_an_agent_has_no_admin(client: Client) -> None:
    client.force_login(make_person("anna"))

    assert client.get("/admin/support/tag/").status_code == 302
