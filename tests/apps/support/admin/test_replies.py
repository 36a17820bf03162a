from typing import Any

import pytest
from django.test import Client

from apps.support.models import CannedReply, Placeholder, Tag
from apps.support.selectors.standing import stamp_of
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
    change = {**SAID, "name": "other", "pattern": r"\d+", "seen": stamp_of(kept)}
    lead.post(f"{path}/{kept.pk}/change/", change)

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


@pytest.mark.parametrize("model", ["placeholder", "cannedreply"])
def test_a_colleagues_change_is_not_taken_back_unseen(lead: Client, model: str) -> None:
    makes: dict[str, Any] = {
        "placeholder": lambda: Placeholder.objects.create(name="order_id", when_missing="fallback"),
        "cannedreply": lambda: CannedReply.objects.create(shortcut="hi", title="Hello", body="Hello!"),
    }
    row = makes[model]()
    field = {"placeholder": "fallback", "cannedreply": "body"}[model]
    path, seen = f"/admin/support/{model}/{row.pk}/change/", stamp_of(row)
    said = {**SAID, "source": "customer", "when_missing": "fallback", "shortcut": "hi", "title": "Hello"}
    assert f'name="seen" value="{seen}"' in lead.get(path).text

    for text in ("first", "second"):
        page = lead.post(path, {**said, field: text, "seen": seen}, follow=True).text

    row.refresh_from_db()
    assert "Stands now: first" in page
    assert "second" in page
    assert f'name="seen" value="{stamp_of(row)}"' in page
    assert getattr(row, field) == "first"
