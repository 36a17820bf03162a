from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import AuditEntry, User
from apps.support.models import Conversation, Draft, Example, Message
from apps.support.views.console.actions import snoozed_until
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_intent, make_person
from tests.apps.support.views.console.conftest import SignIn

pytestmark = pytest.mark.django_db
ACTIONS = ("take", "return", "transfer", "snooze", "resolve", "reopen", "tags", "reply", "draft", "note")


def address(conversation: Conversation, action: str) -> str:
    return f"/support/conversations/{conversation.public_id}/{action}/"


def take(browser: Client, conversation: Conversation, revision: object = 0) -> str:
    return browser.post(address(conversation, "take"), {"revision": revision}).text


@pytest.mark.parametrize("action", ACTIONS)
def test_an_auditor_changes_nothing(
    auditor: User, sign_in: SignIn, conversation: Conversation, action: str
) -> None:
    assert sign_in(auditor).post(address(conversation, action)).status_code == 403


@pytest.mark.parametrize("action", ["take", "resolve", "reply", "draft", "note"])
def test_what_is_not_there_is_a_404(desk: Client, action: str) -> None:
    assert desk.post(f"/support/conversations/{uuid4()}/{action}/").status_code == 404


@pytest.mark.parametrize("action", ACTIONS)
def test_reading_an_address_does_nothing(desk: Client, conversation: Conversation, action: str) -> None:
    assert desk.get(address(conversation, action)).status_code == 405


def test_taking_makes_it_mine(agent: User, desk: Client, conversation: Conversation) -> None:
    assert "yours" in take(desk, conversation)

    conversation.refresh_from_db()
    assert conversation.agent == agent


def test_who_comes_second_is_told_who_has_it(
    colleague: User, sign_in: SignIn, desk: Client, conversation: Conversation
) -> None:
    take(sign_in(colleague), conversation)

    page = take(desk, conversation)

    assert "ben has this conversation." in page
    assert "Reply" not in page


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40])
def test_a_malformed_revision_takes_nothing(desk: Client, conversation: Conversation, revision: str) -> None:
    assert "has changed since" in take(desk, conversation, revision)


def test_a_reply_is_sent_once(desk: Client, conversation: Conversation) -> None:
    take(desk, conversation)
    said = {"client_id": "a1", "body": "It is blocked now."}

    answers = [desk.post(address(conversation, "reply"), said).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert conversation.messages.filter(author="agent").count() == 1


def test_a_reply_to_what_somebody_else_has_is_refused(
    colleague: User, sign_in: SignIn, desk: Client, conversation: Conversation
) -> None:
    take(sign_in(colleague), conversation)

    answer = desk.post(address(conversation, "reply"), {"client_id": "a1", "body": "Hello"}).json()

    assert answer["code"] == "not_owner"
    assert not conversation.messages.filter(author="agent").exists()


@pytest.mark.parametrize("written", ["customer_name", "Customer Name", "customer.name"])
def test_a_reply_with_an_unfilled_placeholder_is_refused(
    desk: Client, conversation: Conversation, written: str
) -> None:
    take(desk, conversation)

    said = {"client_id": "a1", "body": f"Hi {{{{{written}}}}}, it is blocked."}
    answer = desk.post(address(conversation, "reply"), said).json()

    assert answer["refusal"] == "Fill in {{customer_name}} before you send this."


def test_an_edited_answer_teaches(desk: Client, conversation: Conversation) -> None:
    intent = make_intent("lost_card", answer="Block it in the app.")
    decision = make_decision(conversation.messages.get(), "lost_card", confidence=0.4)
    take(desk, conversation)

    said = {"client_id": "a1", "body": "Please block it in the app.", "decision": decision.pk}
    desk.post(
        address(conversation, "reply"), {**said, "intent": "lost_card", "inserted": "Block it in the app."}
    )

    assert Example.objects.get(source=Example.Source.EDITED_ANSWER).intent == intent


def test_a_draft_is_kept_until_it_is_emptied(desk: Client, conversation: Conversation) -> None:
    assert desk.post(address(conversation, "draft"), {"body": "Dear"}).json() == {"is_saved": True}
    assert ">Dear</textarea>" in desk.get(address(conversation, "").replace("//", "/")).text

    desk.post(address(conversation, "draft"), {"body": ""})
    assert not Draft.objects.exists()


def test_a_note_is_in_the_thread(desk: Client, conversation: Conversation) -> None:
    for _ in range(2):
        desk.post(address(conversation, "note"), {"client_id": "n-1", "body": "ask the bank"})

    assert desk.get(address(conversation, "live")).text.count("ask the bank") == 1
    refused = desk.post(address(conversation, "note"), {"client_id": "n-2", "body": " "}).json()
    assert refused["refusal"].startswith("A note has")


def test_a_field_that_no_table_keeps_is_a_bad_request(desk: Client, conversation: Conversation) -> None:
    for action, name in (("transfer", "to"), ("reply", "intent"), ("tags", "name")):
        assert desk.post(address(conversation, action), {name: "\0"}).status_code == 400
    assert desk.post(address(conversation, "tags/%00/remove")).status_code == 400


def test_resolving_needs_a_reason(desk: Client, conversation: Conversation) -> None:
    take(desk, conversation)
    assert "not a way to resolve" in desk.post(address(conversation, "resolve"), {"resolution": "tired"}).text

    desk.post(address(conversation, "resolve"), {"resolution": "answered"})
    conversation.refresh_from_db()
    assert conversation.status == Conversation.Status.RESOLVED


def test_snoozing_until_nothing_is_refused(desk: Client, conversation: Conversation) -> None:
    take(desk, conversation)
    assert "in the future" in desk.post(address(conversation, "snooze"), {"until": "never"}).text

    assert "snoozed" in desk.post(address(conversation, "snooze"), {"until": "hour"}).text


@pytest.mark.parametrize("status", ["open", "resolved"])
def test_what_the_customer_does_not_see_leads_to_what_they_see(
    agent: User, desk: Client, status: str
) -> None:
    at = NOW - timedelta(days=9)
    hidden = make_conversation(agent=agent, status=status, created_at=at)
    shown = make_conversation(hidden.visitor)

    page = desk.get(address(hidden, "live")).text

    assert address(shown, "").replace("//", "/") in page
    assert 'data-may-send=""' in page
    assert "Reopen" not in page
    assert "sees that one alone" in desk.post(address(hidden, "reopen")).text
    assert desk.post(address(hidden, "reply"), {"client_id": "a1", "body": "Hi"}).json()["refusal"]


@pytest.mark.parametrize(
    ("choice", "zone", "expected"),
    [
        ("hour", "", datetime(2026, 3, 4, 21, 0, tzinfo=UTC)),
        ("tomorrow", "Asia/Shanghai", datetime(2026, 3, 6, 1, 0, tzinfo=UTC)),
        ("tomorrow", "no/where", datetime(2026, 3, 5, 9, 0, tzinfo=UTC)),
        ("week", "UTC", datetime(2026, 3, 9, 9, 0, tzinfo=UTC)),
    ],
)
def test_mornings_are_where_the_agent_is(choice: str, zone: str, expected: datetime) -> None:
    assert snoozed_until(choice, zone, datetime(2026, 3, 4, 20, 0, tzinfo=UTC)) == expected


def test_it_is_passed_on_to_a_colleague_and_back_to_the_queue(
    colleague: User, desk: Client, sign_in: SignIn, conversation: Conversation
) -> None:
    take(desk, conversation)
    assert "ben" in desk.get(address(conversation, "people")).text

    assert "ben has this conversation" in desk.post(address(conversation, "transfer"), {"to": "ben"}).text
    assert "in the queue" in sign_in(colleague).post(address(conversation, "return")).text


@pytest.mark.parametrize(("others", "is_searched"), [(8, False), (12, True)])
def test_of_a_larger_team_everybody_is_found_and_nine_have_a_key(
    desk: Client, conversation: Conversation, others: int, is_searched: bool
) -> None:
    for place in range(others):
        make_person(f"colleague{place}")

    page = desk.get(address(conversation, "people")).text

    assert page.count("data-digit") == 1 + 9
    assert ("people-q" in page) is is_searched
    assert all(f'value="colleague{place}"' in page for place in range(others))


def test_tags_come_and_go(desk: Client, conversation: Conversation) -> None:
    assert "very-angry" in desk.post(address(conversation, "tags"), {"name": "Very angry"}).text
    assert "very-angry" not in desk.post(address(conversation, "tags/very-angry/remove")).text
    assert desk.post(address(conversation, "tags/none/remove")).status_code == 404


def test_the_original_is_shown_and_leaves_a_trace(
    agent: User, desk: Client, conversation: Conversation
) -> None:
    message = conversation.messages.get()

    assert "4111111111111111" in desk.post(address(conversation, f"messages/{message.pk}/reveal")).text
    assert "mara@example.com" in desk.post(address(conversation, "contact")).text
    actions = AuditEntry.objects.filter(actor=agent).order_by("number").values_list("action", flat=True)
    assert list(actions)[-2:] == ["support.message_revealed", "support.visitor_revealed"]


def test_an_auditor_never_sees_the_original(
    auditor: User, sign_in: SignIn, conversation: Conversation
) -> None:
    message: Message = conversation.messages.get()

    for action in (f"messages/{message.pk}/reveal", "contact"):
        assert sign_in(auditor).post(address(conversation, action)).status_code == 403
