"""A visitor's way through the HTTP API, and what it refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from redis.exceptions import OutOfMemoryError

from apps.accounts.models import User
from apps.support.api import base
from apps.support.limits import CONVERSATIONS
from apps.support.models import Conversation, Message, Policy, Visitor
from apps.support.services.messages import reply_as_bot
from apps.support.services.visitors import make_token, revoke_tokens
from tests.apps.support.factories import make_conversation, make_decision, make_visitor, say

pytestmark = pytest.mark.django_db
URL = "/support/widget/"


@pytest.fixture
def mara(db: None) -> Visitor:
    return make_visitor()


def ask(method: str, path: str, who: Visitor | None, data: Any = None, **headers: str) -> Any:
    if who is not None:
        headers = {"Authorization": f"Bearer {make_token(who)}", **headers}
    call: Callable[..., Any] = getattr(Client(), method)
    more = {"content_type": "application/json"} if method == "post" else {}
    return call(URL + path, data, headers=headers, **more)


def send(who: Visitor | None, body: str = "Where is it?", client_id: str = "c-1", **headers: str) -> Any:
    return ask("post", "messages", who, {"client_id": client_id, "body": body}, **headers)


def code(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


def test_a_session_makes_a_visitor_with_a_token() -> None:
    answer = ask("post", "session", None, {"language": "zh-hans"})

    assert answer.status_code == 201
    assert (answer.json()["conversation"], answer.json()["is_online"]) == (None, False)
    assert Visitor.objects.get().language == "zh-hans"
    events = Client().get(f"{URL}events", headers={"Authorization": f"Bearer {answer.json()['token']}"})
    assert events.json() == {"events": [], "last_seq": 0, "is_online": False}


def test_a_message_is_stored_once(mara: Visitor) -> None:
    answers = [send(mara) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert {str(answer.json()) for answer in answers} == {"{'seq': 1, 'client_id': 'c-1'}"}


def test_the_customer_reads_the_original_and_the_reply(mara: Visitor) -> None:
    send(mara, "Write to mara@example.com")
    reply_as_bot(message=Message.objects.get(), reply="We do.", at=timezone.now())

    told = ask("get", "events?after=0", mara).json()

    said = [
        (one["seq"], one["kind"], one["payload"]["author"], one["payload"]["body"]) for one in told["events"]
    ]
    assert said == [(1, "message", "customer", "Write to mara@example.com"), (2, "message", "bot", "We do.")]
    assert told["last_seq"] == 2


def test_an_answer_is_told_from_a_question_back(mara: Visitor) -> None:
    conversation = make_conversation(mara, owner="bot")
    for action in ("ask", "answer"):
        question = say(conversation, f"something to {action}", awaits_bot=True)
        make_decision(question, "track_order", action=action)
        reply_as_bot(message=question, reply=f"An {action}.", at=timezone.now())

    events = ask("get", "events", mara).json()["events"]

    told = [(event["payload"]["body"], event["payload"]["is_answer"]) for event in events[1::2]]
    assert told == [("An ask.", False), ("An answer.", True)]


def test_only_what_came_after_is_told(mara: Visitor) -> None:
    send(mara)
    send(mara, client_id="c-2")

    assert [one["seq"] for one in ask("get", "events?after=1", mara).json()["events"]] == [2]


def test_nobody_reads_anothers_conversation(mara: Visitor) -> None:
    say(make_conversation(mara), "My secret")
    outsider = make_visitor("Otto")

    assert ask("get", "events", outsider).json()["events"] == []
    assert ask("get", "transcript", outsider).status_code == 404


@pytest.mark.parametrize("path", ["messages", "form", "rating", "resolution", "read"])
def test_without_a_token_nothing_is_changed(path: str) -> None:
    answer = ask("post", path, None, {})

    assert (answer.status_code, code(answer)) == (401, "bad_token")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_is_refused(mara: Visitor) -> None:
    token = make_token(mara)
    revoke_tokens(visitor=mara)

    answer = Client().get(f"{URL}events", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, code(answer)) == (401, "bad_token")


def test_a_session_of_a_person_is_no_token(client: Client, agent: User) -> None:
    client.force_login(agent)

    assert client.get(f"{URL}events").status_code == 401


def test_another_site_asks_only_where_the_policy_names_it(mara: Visitor) -> None:
    Policy.objects.create(pk=1, widget_origins=["https://shop.example"])

    allowed = send(mara, Origin="https://shop.example")
    refused = send(mara, client_id="c-2", Origin="https://evil.example")

    assert allowed["Access-Control-Allow-Origin"] == "https://shop.example"
    assert (refused.status_code, code(refused)) == (403, "bad_origin")
    assert "Access-Control-Allow-Origin" not in refused


def test_a_browser_may_ask_first_without_a_token() -> None:
    Policy.objects.create(pk=1, widget_origins=["https://shop.example"])

    answer = ask("options", "messages", None, Origin="https://shop.example")

    assert answer.status_code == 204
    assert "Authorization" in answer["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"1",
        b'{"client_id": 1}',
        b'{"client_id": "a", "body": "\\ud800"}',
        b'"\xff"',
        b'{"client_id": "a", "body": " "}',
        b"[" * 20_000,
    ],
)
def test_nonsense_is_a_sentence(mara: Visitor, body: bytes) -> None:
    answer = Client().post(
        f"{URL}messages", body, "application/json", headers={"Authorization": f"Bearer {make_token(mara)}"}
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["message"]
    assert not Conversation.objects.exists()


def test_too_much_at_once_is_refused(mara: Visitor) -> None:
    answer = send(mara, "x" * 70_000)

    assert (answer.status_code, code(answer)) == (413, "too_large")


def test_who_writes_too_fast_is_told_when_to_come_again(
    mara: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SUPPORT_MESSAGES_PER_MINUTE", 2)

    answers = [send(mara, client_id=f"c-{number}") for number in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60


def test_sessions_from_one_network_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SUPPORT_ADDRESS_FACTOR", 1)

    statuses = [
        Client().post(f"{URL}session", {}, "application/json", REMOTE_ADDR=f"2001:db8::{number}").status_code
        for number in range(1, 5)
    ]

    assert statuses == [201, 201, 201, 429]


def test_the_offline_form_becomes_a_ticket_in_the_queue(mara: Visitor) -> None:
    form = {"client_id": "f-1", "name": "Mara", "email": "mara@example.com", "body": "Call me."}

    answers = [ask("post", "form", mara, form) for _ in range(2)]

    conversation = Conversation.objects.get()
    told = {"conversation": str(conversation.public_id), "email": "mara@example.com"}
    assert [answer.json() for answer in answers] == [told] * 2
    assert (conversation.channel, conversation.owner) == ("form", "queue")
    assert (conversation.messages.count(), conversation.hand_overs.get().reason) == (1, "offline_form")


def test_a_form_that_begins_a_conversation_counts_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SUPPORT_ADDRESS_FACTOR", 1)
    form = {"client_id": "f-1", "email": "mara@example.com", "body": "Call me."}

    ask("post", "form", make_visitor(), {**form, "email": "nowhere"})
    answers = [ask("post", "form", make_visitor(), form) for _ in range(CONVERSATIONS + 1)]

    assert [answer.status_code for answer in answers] == [201] * CONVERSATIONS + [429]


def test_a_form_needs_an_address_to_answer_to(mara: Visitor) -> None:
    answer = ask("post", "form", mara, {"client_id": "f-1", "email": "nowhere", "body": "Call me."})

    assert (answer.status_code, code(answer)) == (400, "bad_form")


def test_a_visitor_rates_confirms_and_reads(mara: Visitor) -> None:
    send(mara)

    answers = [
        ask("post", "rating", mara, {"rating": 5, "comment": "Quick."}),
        ask("post", "resolution", mara, {"is_solved": True}),
        ask("post", "read", mara, {"seq": 99}),
    ]

    conversation = Conversation.objects.get()
    assert [answer.status_code for answer in answers] == [204, 204, 200]
    assert (conversation.rating, conversation.status, conversation.visitor_read_seq) == (5, "resolved", 1)


def test_a_transcript_is_plain_text(mara: Visitor) -> None:
    say(make_conversation(mara), "Where is it?")

    answer = ask("get", "transcript", mara)

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().endswith(" UTC You: Where is it?\n")


@pytest.mark.parametrize(
    ("error", "said"),
    [(OutOfMemoryError("no room"), "no room"), (OperationalError("ada@shop.example"), "OperationalError")],
)
def test_a_store_that_is_away_is_named_in_the_log_without_what_was_written(
    mara: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    said: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(base, "spend_request", fail)

    answer = ask("get", "events", mara)

    assert (answer.status_code, code(answer)) == (503, "unavailable")
    assert f"A store is away: {said}" in caplog.text
    assert "ada@shop.example" not in caplog.text
