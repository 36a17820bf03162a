"""What a customer writes is nowhere but in the message: every column, file, log and key is read."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from redis import Redis

from apps.accounts.models import User
from apps.registry.services.datasets import import_snapshot
from apps.support.family_name import FAMILY
from apps.support.models import Conversation, Decision, Example
from apps.support.services.answering import answer_waiting
from apps.support.services.corrections import correct_intent
from apps.support.services.ownership import take_conversation
from apps.support.services.replies import Inserted, send_reply
from apps.support.services.reveal import reveal_message
from apps.support.services.status import rate_conversation
from apps.support.services.visitors import make_token
from benchmarks.data.planted import Source
from tests.apps.privacy.taggers import make_tagger, put_models
from tests.apps.serving.tiny_artifact import WORDS
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
    return [(one.text, one.text[span.start : span.end]) for one in found for span in one.spans]


@pytest.fixture
def talked(planted: list[tuple[str, str]], agent: User, lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Customers tell everything; the bot decides, an agent answers and is rated, the lead corrects."""
    WordUnderstanding().put_in(monkeypatch)
    intents = [make_intent("track_order", answer="It is on its way."), make_intent("cancel_order")]
    for place, (text, _value) in enumerate(planted):
        visitor = make_visitor()
        post(make_token(visitor), f"Where is my parcel? {text}" if place % 3 else text)
        conversation = visitor.conversations.get()
        answer_waiting(conversation_id=conversation.pk, at=NOW)
        work(conversation, agent, text)
        decision = Decision.objects.get(message__conversation=conversation)
        correct_intent(decision=decision, intent=intents[place % 2], actor=lead, at=NOW)
    import_snapshot(family=FAMILY, at=NOW, actor=lead)


def post(token: str, body: str) -> None:
    answer = Client().post(
        "/support/widget/messages",
        {"client_id": "c-1", "body": body},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 201, answer.content


def work(conversation: Conversation, agent: User, text: str) -> None:
    conversation.refresh_from_db()
    take_conversation(conversation=conversation, user=agent, revision=conversation.revision, at=NOW)
    decision = Decision.objects.select_related("message").get(message__conversation=conversation)
    send_reply(
        conversation=conversation,
        user=agent,
        client_id="a-1",
        body=f"You said: {text}",
        inserted=Inserted(decision.pk, "track_order", "It is on its way."),
        at=NOW,
    )
    reveal_message(message=decision.message, actor=agent)
    rate_conversation(conversation=conversation, rating=2, comment=text)


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


# Messages and decisions show agents what was written; names leave what is learned from.
LEARNED_FROM = {"support_example", "support_intentsuggestion", "support_answersuggestion"}


@pytest.fixture
def named(agent: User, lead: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A version that takes a word for a name is live while a customer tells theirs and is corrected."""
    monkeypatch.setattr(settings, "ARTIFACT_CACHE", tmp_path / "cache")
    models = put_models(monkeypatch)
    make_tagger(tmp_path, known=WORDS.index("hello"))
    models.refresh()
    models.lease("personal-data", None).give_back()
    WordUnderstanding().put_in(monkeypatch)
    intents = [make_intent("track_order", answer="It is on its way."), make_intent("cancel_order")]
    for place in range(4):
        visitor = make_visitor()
        post(make_token(visitor), f"Hello wants parcel {place}")
        conversation = visitor.conversations.get()
        answer_waiting(conversation_id=conversation.pk, at=NOW)
        work(conversation, agent, f"Hello wants parcel {place}")
        decision = Decision.objects.get(message__conversation=conversation)
        correct_intent(decision=decision, intent=intents[place % 2], actor=lead, at=NOW)
    import_snapshot(family=FAMILY, at=NOW, actor=lead)
    yield
    models.stop()


def test_names_are_in_nothing_that_is_learned_from(named: None) -> None:
    tables = {table for table, _column in columns_with(["Hello wants"])}

    assert tables.isdisjoint(LEARNED_FROM)
    assert Example.objects.filter(text__startswith="[PERSON] wants parcel").count() >= 4
    assert not any(b"Hello wants" in content for content in stored_files())


def test_planted_values_are_in_no_column_but_the_messages_and_in_no_log_metric_file_or_key(
    caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest, planted: list[tuple[str, str]]
) -> None:
    caplog.set_level(logging.DEBUG)
    request.getfixturevalue("talked")
    values = [value for _text, value in planted]

    places = {
        "log": [caplog.text.encode()],
        "metrics": [Client().get("/metrics").content],
        "files": stored_files(),
        "redis": redis_contents(),
    }
    contents = {name: b"\n".join(parts) for name, parts in places.items()}

    assert all(contents[name] for name in ("metrics", "files", "redis"))  # a quiet log is no gap
    assert not [
        (name, value) for name, told in contents.items() for value in values if value.encode() in told
    ]
    assert columns_with(values) == ORIGINALS
