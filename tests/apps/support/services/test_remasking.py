"""What was stored before names were looked for is masked anew, with all that copies it."""

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import AuditEntry, User
from apps.privacy.masking import Masker, Search
from apps.registry import content
from apps.registry.services.datasets import import_snapshot
from apps.support.engine.sentences import digest_of
from apps.support.family_name import FAMILY
from apps.support.models import Example, Intent, IntentSuggestion, KnowledgeImport, Remasking
from apps.support.services import remasking
from apps.support.services.erasure import erase_customer
from apps.support.services.remasking import (
    LOOKED_AGAIN_AFTER,
    NobodyLooksError,
    RemaskingOpenError,
    finish_remaskings,
    start_remasking,
)
from tests.apps.privacy.taggers import WordTagger, put_masker
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_example, say

pytestmark = pytest.mark.django_db

LATER = NOW + LOOKED_AGAIN_AFTER


@pytest.fixture(autouse=True)
def third_version(monkeypatch: pytest.MonkeyPatch) -> None:
    put_masker(monkeypatch, Masker(version=3, tagger=WordTagger()), remasking)
    monkeypatch.setattr(remasking, "search_for_names", lambda: Search(3, 3))


def mask_anew(actor: User | None = None) -> Remasking:
    started = start_remasking(actor=actor, at=NOW)
    finish_remaskings(at=LATER)
    started.refresh_from_db()
    return started


def test_an_example_loses_its_name_and_says_which_version_looked(refund: Intent) -> None:
    example = make_example(refund, "I am Ann, money back")

    mask_anew()

    example.refresh_from_db()
    assert example.text == "I am [PERSON], money back"
    assert (example.digest, example.names_version) == (digest_of(example.text), 3)


def test_examples_that_become_one_text_are_one(refund: Intent) -> None:
    make_example(refund, "Ann here, money back")
    make_example(refund, "Mara here, money back", state="pending")

    mask_anew()

    assert [(one.text, one.state) for one in Example.objects.all()] == [
        ("[PERSON] here, money back", "approved")
    ]


def test_what_was_judged_unlike_is_judged_again(refund: Intent) -> None:
    make_example(refund, "Ann here, money back")
    make_example(refund, "Mara here, money back", state="rejected")

    mask_anew()

    assert Example.objects.get().state == "pending"


def test_one_text_of_two_intents_becomes_a_conflict(refund: Intent, tracking: Intent) -> None:
    for intent, name in ((refund, "Ann"), (tracking, "Mara")):
        make_example(intent, f"{name} here")

    mask_anew()

    assert len(set(Example.objects.values_list("digest", flat=True))) == 1
    assert Example.objects.count() == 2


def test_data_sets_and_suites_follow_row_by_row(refund: Intent, tracking: Intent) -> None:
    for intent in (refund, tracking):
        for number in range(10):
            make_example(intent, f"Ann asks for {intent.name} {number}")
    dataset = import_snapshot(family=FAMILY, at=NOW)

    done = mask_anew()

    dataset.refresh_from_db()
    rows = content.rows_in(dataset)
    assert len(rows.rows) == 20
    assert all("Ann" not in text for text in rows.texts)
    assert done.changed["data set rows"] > 20  # the suite's, too
    assert AuditEntry.objects.filter(action="dataset.rows_rewritten").exists()


def test_decisions_that_stood_on_it_show_the_masked_text(refund: Intent) -> None:
    make_example(refund, "Ann wants money")
    near = [{"text": "where", "neighbours": [{"text": "Ann wants money", "label": "refund"}]}]
    decision = make_decision(say(make_conversation(), "where"))
    type(decision).objects.filter(pk=decision.pk).update(detail={"questions": near})

    mask_anew()

    decision.refresh_from_db()
    assert decision.detail["questions"][0]["neighbours"][0]["text"] == "[PERSON] wants money"


def test_what_waits_to_be_learned_is_masked_too(lead: User) -> None:
    suggestion = IntentSuggestion.objects.create(
        title="Ann", cohesion=1.0, texts=["Ann asks"], origins=[None], created_at=NOW
    )
    row: dict[str, Any] = {"row": 1, "question": "Ann?", "intent": "", "title": "", "answer": "Dear Ann"}
    imported = KnowledgeImport.objects.create(
        kind="dialogues", filename="a.jsonl", rows=[row], author=lead, created_at=NOW
    )

    mask_anew()

    suggestion.refresh_from_db()
    imported.refresh_from_db()
    assert "Ann" not in f"{suggestion.texts} {suggestion.title} {imported.rows}"
    assert imported.names_version == 3


def test_a_second_pass_changes_nothing(refund: Intent, lead: User) -> None:
    make_example(refund, "I am Ann, money back")
    mask_anew(lead)
    before = list(Example.objects.values())

    assert finish_remaskings(at=LATER) == 0
    again = mask_anew(lead)

    assert list(Example.objects.values()) == before
    assert not any(again.changed.values())


def test_a_worker_that_died_between_batches_is_taken_over(
    refund: Intent, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = [make_example(refund, f"Ann {number}") for number in range(5)]
    started = start_remasking(actor=None, at=NOW)
    monkeypatch.setattr(remasking, "BATCH", 2)
    monkeypatch.setattr(remasking, "_finish", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        finish_remaskings(at=NOW)
    monkeypatch.undo()
    put_masker(monkeypatch, Masker(version=3, tagger=WordTagger()), remasking)

    assert finish_remaskings(at=LATER) == 1
    started.refresh_from_db()
    assert started.changed["examples"] == len(examples)


def test_it_looks_again_for_copies_that_were_being_made(refund: Intent) -> None:
    make_example(refund, "Ann wants money")
    started = start_remasking(actor=None, at=NOW)

    assert finish_remaskings(at=NOW) == 0
    assert finish_remaskings(at=NOW + timedelta(minutes=20)) == 1
    started.refresh_from_db()
    assert started.texts == {}


def test_without_a_version_there_is_nothing_to_mask_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remasking, "search_for_names", Search)

    with pytest.raises(NobodyLooksError):
        start_remasking(actor=None, at=NOW)


def test_one_pass_at_a_time() -> None:
    start_remasking(actor=None, at=NOW)

    with pytest.raises(RemaskingOpenError):
        start_remasking(actor=None, at=NOW)


def test_the_trail_has_who_and_how_many_and_no_words(refund: Intent, lead: User) -> None:
    make_example(refund, "I am Ann, money back")

    mask_anew(lead)

    entry = AuditEntry.objects.get(action="support.remasking_done")
    assert (entry.actor, entry.detail["version"], entry.detail["examples"]) == (lead, 3, 1)
    assert "money" not in str(entry.detail)


def test_an_erasure_finds_what_a_pass_is_masking(refund: Intent, lead: User) -> None:
    conversation = make_conversation()
    example = make_example(refund, "I am Ann, money back", message=say(conversation, "I am Ann, money back"))
    open_pass = start_remasking(actor=None, at=NOW)
    finish_remaskings(at=NOW)

    erasure = erase_customer(visitor=conversation.visitor, actor=lead, at=NOW)

    open_pass.refresh_from_db()
    assert open_pass.texts == {}
    assert set(erasure.digests) == {example.digest, digest_of("I am [PERSON], money back")}
