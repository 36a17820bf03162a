"""Two leads have one form open: the later one is told, sees what stands and what was typed, and may go on."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db.models import Model
from django.test import Client

from apps.accounts.models import User
from apps.support.models import AnswerTemplate, Article, Intent, Placeholder
from apps.support.selectors.policy import current_policy
from apps.support.selectors.standing import stamp_of
from tests.apps.support.factories import NOW, make_intent

TOLD = "Somebody has saved something else here than you were shown."
STANDS = "This stands here now."
PLACEHOLDER = {"name": "order_id", "kind": "text", "source": "customer", "when_missing": "fallback"}
POLICY = {"target_precision": "0.95", "hold_out_percent": "0", "response_minutes": "15"}


@dataclass(frozen=True)
class Form:
    """`first` and `second` are what two leads make of one field, `others` what the form says besides."""

    page: str
    path: str
    row: Callable[[], Model]
    field: str
    first: str
    second: str
    others: dict[str, str]


FORMS = {
    "policy": Form("policy/", "policy/", current_policy, "response_minutes", "45", "20", POLICY),
    "intent": Form(
        "knowledge/intents/refund/",
        "knowledge/intents/refund/change/",
        lambda: Intent.objects.get(),
        "description",
        "Of money that comes back",
        "Of refunds",
        {"title": "Refund", "is_active": "on"},
    ),
    "placeholder": Form(
        "knowledge/placeholders/?name=order_id",
        "knowledge/placeholders/save/",
        lambda: Placeholder.objects.get(),
        "fallback",
        "your parcel",
        "the order",
        PLACEHOLDER,
    ),
    "article": Form(
        "knowledge/articles/{pk}/",
        "knowledge/articles/write/",
        lambda: Article.objects.get(is_current=True),
        "body",
        "Send it back within 30 days.",
        "Send it back.",
        {"slug": "returns", "title": "Returns"},
    ),
    "answer": Form(
        "knowledge/intents/refund/",
        "knowledge/intents/refund/answer/",
        lambda: AnswerTemplate.objects.get(is_current=True),
        "body",
        "Within five days.",
        "Soon.",
        {"language": "en"},
    ),
}


@pytest.fixture(autouse=True)
def knowledge(client: Client, lead: User) -> None:
    client.force_login(lead)
    make_intent("refund", answer="Sometime.")
    Placeholder.objects.create(name="order_id", when_missing="fallback")
    Article.objects.create(slug="returns", number=1, title="Returns", body="No.", created_at=NOW)


@pytest.mark.parametrize("name", FORMS)
def test_nothing_is_taken_back_unseen_and_nothing_typed_is_lost(client: Client, name: str) -> None:
    form = FORMS[name]
    seen = stamp_of(form.row())
    assert seen in client.get(f"/support/{form.page}".format(pk=form.row().pk)).text

    for typed in (form.first, form.second):
        page = client.post(
            f"/support/{form.path}", {**form.others, form.field: typed, "seen": seen}, follow=True
        ).text

    assert str(getattr(form.row(), form.field)) == form.first
    assert all(text in page for text in (TOLD, STANDS, form.first, form.second, stamp_of(form.row())))


@pytest.mark.parametrize("name", FORMS)
def test_who_has_seen_what_stands_saves_again(client: Client, name: str) -> None:
    form = FORMS[name]
    for typed in (form.first, form.second):
        seen = stamp_of(form.row())
        page = client.post(
            f"/support/{form.path}", {**form.others, form.field: typed, "seen": seen}, follow=True
        ).text
        assert STANDS not in page

    assert str(getattr(form.row(), form.field)) == form.second


@pytest.mark.parametrize("name", FORMS)
def test_a_second_click_on_save_is_no_colleagues_change(client: Client, name: str) -> None:
    form = FORMS[name]
    told = {**form.others, form.field: form.first, "seen": stamp_of(form.row())}

    pages = [client.post(f"/support/{form.path}", told, follow=True).text for _ in range(2)]

    assert not any(TOLD in page for page in pages)
    assert str(getattr(form.row(), form.field)) == form.first


def test_what_is_new_takes_the_place_of_nothing_unseen(client: Client) -> None:
    told = {**PLACEHOLDER, "fallback": "mine"}
    page = client.post("/support/knowledge/placeholders/save/", told).text

    assert TOLD in page
    assert Placeholder.objects.get().fallback == ""
