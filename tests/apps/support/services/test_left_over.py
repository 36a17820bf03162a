"""What the sweep does with a message that nobody foresaw."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.support import tasks
from apps.support.engine.decision import Reason
from apps.support.models import Conversation, Decision, HandOver
from apps.support.selectors import waiting as waiting_rows
from apps.support.services import answering
from apps.support.services.answering import PATIENCE, answer_left_over
from apps.support.services.messages import LONGEST_BODY
from tests.apps.support.bots import WordUnderstanding
from tests.apps.support.factories import NOW, make_conversation, make_intent, make_visitor, say

pytestmark = pytest.mark.django_db
LATE = NOW + PATIENCE


@pytest.fixture(autouse=True)
def bot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Knows an answer that no message holds, and one that is none the worse for that."""
    make_intent("payment_methods", answer="x" * (LONGEST_BODY + 1))
    make_intent("return_item", answer="You have 30 days.")
    WordUnderstanding().put_in(monkeypatch)


def waiting(body: str, at: datetime = NOW) -> Conversation:
    conversation = make_conversation(make_visitor(), owner=Conversation.Owner.BOT)
    say(conversation, body, at=at, awaits_bot=True)
    return conversation


def test_it_keeps_no_other_customer_waiting() -> None:
    poisoned, other = waiting("pay"), waiting("return", NOW + timedelta(seconds=1))

    tasks.sweep_waiting()

    assert other.messages.filter(author="bot").exists()
    assert not poisoned.messages.filter(author="bot").exists()


def test_a_sweep_takes_no_more_than_the_next_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_rows, "AT_ONCE", 1)
    first = waiting("return")
    waiting("return", NOW + timedelta(seconds=1))

    assert waiting_rows.conversations_that_wait(since=LATE) == [first.pk]


@pytest.mark.parametrize(("at", "reasons"), [(NOW, []), (LATE, [Reason.FAILED])])
def test_after_a_while_it_goes_to_people(at: datetime, reasons: list[str]) -> None:
    answer_left_over(conversation_id=waiting("pay").pk, at=at)

    assert list(HandOver.objects.values_list("reason", flat=True)) == reasons


def test_a_suggestion_that_fails_holds_up_no_other_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_once(*_arguments: Any) -> None:
        broken.undo()
        raise RuntimeError("nobody foresaw this")

    poisoned, other = make_conversation(), make_conversation(make_visitor())
    left = timezone.now() - 2 * tasks.LEFT_ALONE
    for seconds, conversation in enumerate((poisoned, other)):  # the newest has its turn first
        say(conversation, "return", at=left - timedelta(seconds=seconds), awaits_suggestion=True)

    with monkeypatch.context() as broken:
        broken.setattr(answering, "_situation", fail_once)
        with pytest.RaisesGroup(pytest.RaisesExc(RuntimeError, match="nobody foresaw")):
            tasks.sweep_waiting()

    assert Decision.objects.get().message.conversation == other
