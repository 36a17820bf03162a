"""A customer is forgotten everywhere; what was counted stays."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import AuditEntry, User
from apps.registry import content, store
from apps.registry.models import Dataset, Remains
from apps.registry.services.datasets import import_snapshot
from apps.support.errors import NotAllowedError
from apps.support.family_name import FAMILY
from apps.support.models import (
    Conversation,
    Decision,
    Erasure,
    Example,
    Intent,
    IntentSuggestion,
    KnowledgeImport,
    Message,
    Tag,
    Visitor,
)
from apps.support.models.decisions import NEIGHBOURS
from apps.support.services import erasure
from apps.support.services.corrections import correct_intent
from apps.support.services.drafts import save_draft
from apps.support.services.erasure import (
    LOOKED_AGAIN_AFTER,
    erase_customer,
    finish_erasures,
)
from apps.support.services.notes import add_note
from apps.support.services.tags import tag_conversation
from apps.support.services.visitors import VisitorTokenError, make_token, verify_token
from tests.apps.support.factories import (
    NOW,
    hand_over,
    make_conversation,
    make_decision,
    make_example,
    make_visitor,
    say,
)

pytestmark = pytest.mark.django_db

WORDS = "where is my zebra-striped umbrella"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def said(agent: User, tracking: Intent) -> Conversation:
    """Mara asked, an agent answered, corrected, noted and began to write again."""
    conversation = make_conversation(agent=agent)
    message = say(conversation, WORDS)
    say(conversation, f"You asked {WORDS}", "agent", user=agent)
    decision = make_decision(message, "refund", confidence=0.4, slots={"item": WORDS})
    correct_intent(decision=decision, intent=tracking, actor=agent, at=NOW)
    hand_over(conversation, summary={"slots": {"item": WORDS}})
    add_note(conversation=conversation, user=agent, client_id="n-1", body=WORDS, at=NOW)
    save_draft(conversation=conversation, user=agent, body=WORDS, at=NOW)
    return conversation


def everything_stored() -> str:
    """All rows of all tables of the service as text."""
    from django.apps import apps

    models = apps.get_app_config("support").get_models()
    return "\n".join(str(row) for model in models for row in model._default_manager.values())


def test_nothing_that_was_said_is_left_in_any_table(said: Conversation, lead: User) -> None:
    assert WORDS in everything_stored()

    erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    left = everything_stored()
    assert WORDS not in left
    assert "Mara Lind" not in left
    assert "mara@example.com" not in left


def test_what_was_counted_stays(said: Conversation, lead: User) -> None:
    erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    said.refresh_from_db()
    assert said.status == Conversation.Status.RESOLVED
    assert [message.author for message in said.messages.all()] == ["customer", "agent"]
    assert Message.objects.get(conversation=said, author="customer").decision.intent == "refund"


def test_the_customers_token_is_worth_nothing_any_more(said: Conversation, lead: User) -> None:
    token = make_token(said.visitor)

    erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    with pytest.raises(VisitorTokenError):
        verify_token(token)


def test_another_customer_keeps_everything(said: Conversation, lead: User, refund: Intent) -> None:
    other = make_conversation(make_visitor("Otto Ny", email="otto@example.com"))
    message = say(other, "I want my money back")
    make_example(refund, message.masked, message=message)

    erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    assert Message.objects.get(pk=message.pk).body == "I want my money back"
    assert Example.objects.filter(message=message).exists()
    assert Visitor.objects.filter(name="Otto Ny", erased_at=None).exists()


def test_others_reasons_lose_the_erased_example(said: Conversation, lead: User) -> None:
    other = say(make_conversation(make_visitor("Otto Ny")), "my umbrella?")
    decision = make_decision(other, "track_order")
    decision.detail["questions"][0]["neighbours"][0]["text"] = WORDS
    decision.save()

    erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    decision.refresh_from_db()
    assert WORDS not in str(decision.detail)
    assert decision.detail["questions"][0]["neighbours"][1]["text"]


def test_what_stood_on_the_erased_example_is_found_by_an_index(said: Conversation) -> None:
    named = Decision.objects.alias(neighbours=NEIGHBOURS).filter(neighbours__has_any_keys=[WORDS, "more"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # which so few rows are quickest read by

    assert "support_decision_neighbours" in named.order_by().explain()


def test_a_suggested_intent_keeps_the_questions_of_others(said: Conversation, lead: User) -> None:
    suggestion = IntentSuggestion.objects.create(
        title=WORDS, cohesion=0.8, texts=[WORDS, "umbrella gone"], created_at=NOW
    )
    suggestion.messages.set(said.messages.filter(author="customer"))

    erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    suggestion.refresh_from_db()
    assert (suggestion.title, suggestion.texts) == ("umbrella gone", ["umbrella gone"])
    assert not suggestion.messages.exists()


def test_a_tag_of_nobody_else_goes(said: Conversation, lead: User) -> None:
    other = make_conversation(make_visitor("Otto"))
    for conversation, name in ((said, "mara lind"), (said, "late"), (other, "late")):
        tag_conversation(conversation=conversation, name=name)

    erase_customer(visitor=said.visitor, actor=lead, at=NOW)

    assert [tag.name for tag in Tag.objects.all()] == ["late"]
    assert said.tags.get() == other.tags.get()


def test_erasing_twice_is_erasing_once(said: Conversation, lead: User) -> None:
    first = erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    assert erase_customer(visitor=said.visitor, actor=lead, at=LATER + timedelta(days=1)) == first
    assert AuditEntry.objects.filter(action="support.customer_erased").count() == 1


def test_data_sets_lose_the_rows_and_are_looked_at_twice(
    said: Conversation, lead: User, learns_from_examples: None
) -> None:
    dataset = import_snapshot(family=FAMILY, at=NOW)
    assert WORDS in str(content.rows_in(dataset))
    Dataset.objects.update(audit={"rows": 1, "suspected": [{"text": WORDS}]})
    erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    assert finish_erasures(at=LATER) == 0

    for kept in Dataset.objects.all():
        assert WORDS not in f"{content.rows_in(kept)} {kept.audit} {kept.profile}"
    with CaptureQueriesContext(connection) as asked:
        assert finish_erasures(at=LATER + LOOKED_AGAIN_AFTER / 2) == 0
    assert len(asked) == 1
    assert finish_erasures(at=LATER + LOOKED_AGAIN_AFTER) == 1
    assert Erasure.objects.get(visitor=said.visitor).digests == []
    assert finish_erasures(at=LATER + LOOKED_AGAIN_AFTER) == 0


def test_an_erasure_waits_for_a_file_that_is_still_to_be_masked(
    said: Conversation, lead: User, learns_from_examples: None
) -> None:
    rows = [{"row": 2, "question": WORDS, "title": "", "answer": ""}]
    masking = {"kind": "dialogues", "state": "masking", "author": lead, "created_at": NOW}
    imported = KnowledgeImport.objects.create(rows=[{**rows[0], "question": "not masked"}], **masking)
    erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    assert finish_erasures(at=LATER + LOOKED_AGAIN_AFTER) == 0

    KnowledgeImport.objects.update(state="preview", rows=rows)
    assert finish_erasures(at=LATER + LOOKED_AGAIN_AFTER) == 1
    imported.refresh_from_db()
    assert imported.rows == []


def test_an_erasure_that_broke_off_goes_on(
    said: Conversation, lead: User, learns_from_examples: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_snapshot(family=FAMILY, at=NOW)
    erase_customer(visitor=said.visitor, actor=lead, at=LATER)
    with monkeypatch.context() as broken:
        broken.setattr(store, "remove_file", away)
        with pytest.RaisesGroup(pytest.RaisesExc(OSError, match="store is away"), flatten_subgroups=True):
            finish_erasures(at=LATER)
    left = list(Remains.objects.values_list("path", flat=True))

    finish_erasures(at=LATER)

    assert left
    assert not Remains.objects.exists()


def test_an_erasure_is_done_though_the_store_lost_a_file(
    said: Conversation, lead: User, refund: Intent, learns_from_examples: None
) -> None:
    dataset = import_snapshot(family=FAMILY, at=NOW)
    make_example(refund, "what about my money")
    lost = import_snapshot(family=FAMILY, at=LATER)
    store.remove_file(store.DATASET_ROWS.path(lost.content))
    erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    assert finish_erasures(at=LATER + LOOKED_AGAIN_AFTER) == 1

    dataset.refresh_from_db()
    assert WORDS not in str(content.rows_in(dataset))


def away(path: str) -> None:
    raise OSError("the store is away")


def test_what_others_said_too_stays_in_data_sets(
    said: Conversation, lead: User, refund: Intent, learns_from_examples: None
) -> None:
    make_example(refund, WORDS)
    erase_customer(visitor=said.visitor, actor=lead, at=LATER)

    assert Erasure.objects.get(visitor=said.visitor).digests == []


def test_of_whom_nothing_was_learned_nothing_is_looked_through(
    monkeypatch: pytest.MonkeyPatch, lead: User
) -> None:
    monkeypatch.setattr(erasure, "erase_from_indexes", None)
    erase_customer(visitor=make_conversation().visitor, actor=lead, at=LATER)

    assert finish_erasures(at=LATER) == 1


def test_an_agent_may_not_erase(said: Conversation, agent: User) -> None:
    with pytest.raises(NotAllowedError):
        erase_customer(visitor=said.visitor, actor=agent, at=LATER)


def test_a_customer_is_erased_on_the_command_line(said: Conversation) -> None:
    told = StringIO()

    call_command("erase_customer", visitor=str(said.visitor.public_id), stdout=told)

    assert "examples: 1" in told.getvalue()
    assert WORDS not in everything_stored()


@pytest.fixture
def learns_from_examples(monkeypatch: pytest.MonkeyPatch, refund: Intent, tracking: Intent) -> None:
    """A family whose snapshot is the approved examples, with enough of another intent to pin a suite."""
    from apps.registry import families
    from apps.registry.families import Snapshot
    from modelcore.data import LabelledTexts

    for number in range(10):
        make_example(refund, f"give me back what I paid, part {number}")
        make_example(tracking, f"where is my parcel number {number}")
    Example.objects.update(state=Example.State.APPROVED)

    def build() -> Snapshot:
        rows = list(Example.objects.order_by("pk").values_list("text", "intent__name"))
        data = LabelledTexts(tuple(text for text, _ in rows), tuple(label for _, label in rows))
        return Snapshot(data, "examples")

    declared: Any = families.get(FAMILY)
    monkeypatch.setattr(
        families, "get", lambda name: type(declared)(**{**vars(declared), "build_snapshot": build})
    )
