"""Examples are judged, moved and settled, and who did that is in the audit trail."""

from datetime import timedelta

import pytest

from apps.accounts.models import AuditEntry, User
from apps.support.models import Example, Intent
from apps.support.services import examples
from apps.support.services.examples import (
    EmptyExampleError,
    TooManyExamplesError,
    add_examples,
    keep_one_intent,
    move_examples,
    review_examples,
)
from tests.apps.support.factories import NOW, make_example

LATER = NOW + timedelta(minutes=1)
SAID = "where is my zebra-striped umbrella"


@pytest.fixture
def example(tracking: Intent) -> Example:
    return make_example(tracking, SAID, state=Example.State.PENDING)


def told(action: str) -> AuditEntry:
    entry = AuditEntry.objects.get(action=action)
    assert "umbrella" not in str(entry.detail)
    return entry


@pytest.mark.parametrize("state", ["approved", "rejected"])
def test_a_judgement_is_in_the_trail_by_the_examples_keys(lead: User, example: Example, state: str) -> None:
    assert review_examples(ids=[example.pk, 0], state=state, reviewer=lead, at=NOW) == 1

    example.refresh_from_db()
    assert (example.state, example.reviewer) == (state, lead)
    entry = told(f"support.examples_{state}")
    assert (entry.actor, entry.detail) == (lead, {"examples": [example.pk]})


def test_judging_nothing_leaves_no_trace(lead: User) -> None:
    assert review_examples(ids=[1, 2], state="approved", reviewer=lead, at=NOW) == 0

    assert not AuditEntry.objects.filter(action__startswith="support.").exists()


def test_moving_names_both_intents(lead: User, example: Example, refund: Intent) -> None:
    assert move_examples(ids=[example.pk], intent=refund, reviewer=lead, at=NOW) == 1

    assert Example.objects.get(intent=refund).state == "approved"
    entry = told("support.examples_moved")
    assert (entry.actor, entry.subject) == (lead, "refund")
    assert entry.detail == {"examples": [example.pk], "from": ["track_order"]}
    assert not AuditEntry.objects.filter(action="support.examples_rejected").exists()


def test_settling_a_conflict_names_who_keeps_and_who_gives_up(
    lead: User, example: Example, refund: Intent
) -> None:
    other = make_example(refund, SAID)

    assert keep_one_intent(example=example, reviewer=lead, at=NOW) == 1

    entry = told("support.example_kept")
    assert (entry.subject, entry.detail) == ("track_order", {"example": example.pk, "given_up": [other.pk]})


def test_what_is_written_by_hand_comes_in_together_and_each_once(lead: User, refund: Intent) -> None:
    make_example(refund, "Money back")
    texts = ["money back!", "Where is my refund?", "where is my refund", "Pay me back"]

    assert add_examples(intent=refund, texts=texts, author=lead, at=LATER) == 2
    assert {one.source for one in refund.examples.filter(created_at=LATER, author=lead)} == {"manual"}
    assert refund.examples.filter(state="approved").count() == 3


def test_one_that_holds_nothing_keeps_all_out(lead: User, refund: Intent) -> None:
    with pytest.raises(EmptyExampleError):
        add_examples(intent=refund, texts=["Pay me back", "\u200b"], author=lead, at=NOW)

    assert not refund.examples.exists()


@pytest.mark.parametrize(("count", "error"), [(0, EmptyExampleError), (3, TooManyExamplesError)])
def test_how_many_may_be_written_at_once(
    lead: User, refund: Intent, monkeypatch: pytest.MonkeyPatch, count: int, error: type[Exception]
) -> None:
    monkeypatch.setattr(examples, "AT_ONCE", 2)
    texts = [f"Pay me back {number}" for number in range(count)]

    with pytest.raises(error):
        add_examples(intent=refund, texts=texts, author=lead, at=NOW)
