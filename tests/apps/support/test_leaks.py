"""What a customer writes is nowhere but in the message: every column, file, log and key is read."""

import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from redis import Redis

from apps.accounts.models import User
from apps.registry.services.datasets import import_snapshot
from apps.support.models import Conversation, Decision, Intent
from apps.support.selectors.knowledge import FAMILY
from apps.support.services.answering import answer_waiting
from apps.support.services.corrections import correct_intent
from apps.support.services.ownership import take_conversation
from apps.support.services.replies import Inserted, send_reply
from apps.support.services.reveal import reveal_message
from apps.support.services.status import rate_conversation
from apps.support.services.visitors import make_token
from benchmarks.planted import Source
from tests.apps.support.bots import WordUnderstanding
from tests.apps.support.factories import NOW, make_intent, make_visitor

pytestmark = pytest.mark.django_db

KINDS = ("CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS", "PHONE_NUMBER", "CN_RESIDENT_ID", "ES_DNI", "UK_NHS")
# Where the customer's own words belong.
ORIGINALS = {("support_message", "body")}


@pytest.fixture
def planted() -> list[tuple[str, str]]:
    """Sentences and the value in each."""
    source = Source(20261124)
    found = [source.planted(kind) for kind in KINDS for _ in range(3)]
    return [(one.text, one.text[one.span.start : one.span.end]) for one in found if one.span]


@pytest.fixture
def talked(
    planted: list[tuple[str, str]], agent: User, lead: User, monkeypatch: pytest.MonkeyPatch
) -> Conversation:
    """A customer tells everything; the bot answers or hands over, an agent answers, corrects and is rated."""
    WordUnderstanding().put_in(monkeypatch)
    intent = make_intent("track_order", answer="It is on its way.")
    visitor = make_visitor()
    for place, (text, _value) in enumerate(planted):
        asked = f"Where is my parcel? {text}" if place % 2 else text
        post(make_token(visitor), asked, place)
        answer_waiting(conversation_id=visitor.conversations.get().pk, at=NOW)
    conversation = visitor.conversations.get()
    take_conversation(conversation=conversation, user=agent, revision=conversation.revision, at=NOW)
    work(conversation, agent, lead, intent, planted)
    return conversation


def post(token: str, body: str, place: int) -> None:
    answer = Client().post(
        "/support/widget/messages",
        {"client_id": f"c-{place}", "body": body},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 201, answer.content


def work(
    conversation: Conversation, agent: User, lead: User, intent: Intent, planted: list[tuple[str, str]]
) -> None:
    decisions = list(Decision.objects.filter(message__conversation=conversation).select_related("message"))
    for place, decision in enumerate(decisions):
        at = NOW + timedelta(seconds=place)
        correct_intent(decision=decision, intent=intent, actor=lead, at=at)
        inserted = Inserted(decision.pk, intent.name, "It is on its way.")
        send_reply(
            conversation=conversation,
            user=agent,
            client_id=f"a-{place}",
            body=f"You said: {planted[place][0]}",
            inserted=inserted,
            at=at,
        )
        reveal_message(message=decision.message, actor=agent)
    rate_conversation(conversation=conversation, rating=2, comment=planted[0][0], at=NOW)
    import_snapshot(family=FAMILY, at=NOW, actor=lead)


def columns_with(values: list[str]) -> set[tuple[str, str]]:
    """Every column of every table that holds one of the values in its text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY')"
        )
        columns = cursor.fetchall()
        found = set()
        for table, column in columns:
            query = f'SELECT 1 FROM "{table}", unnest(%s::text[]) v WHERE position(v in "{column}"::text) > 0'
            cursor.execute(query + " LIMIT 1", [values])
            if cursor.fetchone():
                found.add((table, column))
    return found


def stored_files() -> Iterator[bytes]:
    """What lies in the store and in the logs of this test run."""
    for path in Path(os.environ["BERTH_TEST_FOLDER"]).rglob("*"):
        if path.is_file() and not {"postgres", "redis"} & set(path.parts):
            yield path.read_bytes()


def redis_contents() -> Iterator[bytes]:
    """Every key, with what it holds."""
    client = Redis.from_url(settings.REDIS_URL)
    for key in client.scan_iter():
        yield key
        yield client.dump(key) or b""


def test_planted_values_are_in_no_column_but_the_messages(
    talked: Conversation, planted: list[tuple[str, str]]
) -> None:
    values = [value for _text, value in planted]

    assert columns_with(values) == ORIGINALS


def test_planted_values_are_in_no_log_metric_file_or_key(
    caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest, planted: list[tuple[str, str]]
) -> None:
    caplog.set_level(logging.DEBUG)
    request.getfixturevalue("talked")

    places = {
        "log": [caplog.text.encode()],
        "metrics": [Client().get("/metrics").content],
        "files": stored_files(),
        "redis": redis_contents(),
    }

    contents = {name: b"\n".join(parts) for name, parts in places.items()}
    assert all(contents[name] for name in ("metrics", "files", "redis"))  # a quiet log is no gap
    assert not [
        (name, value) for name, told in contents.items() for _text, value in planted if value.encode() in told
    ]
