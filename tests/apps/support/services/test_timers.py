from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.streams.models import Event
from apps.support.models import Conversation
from apps.support.services import timers
from apps.support.services.ownership import transfer_conversation
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_person, make_visitor, say
from tests.apps.support.presence import come_online, leave_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_desk")]
DUE = NOW + timedelta(minutes=15)
LATE = DUE + timedelta(seconds=1)


def told(conversation: Conversation, kind: str) -> int:
    return Event.objects.filter(stream__name=conversation.stream, kind=kind).count()


def test_customers_are_told_once_that_nobody_is_there() -> None:
    conversation = make_conversation(response_due_at=DUE)

    assert [timers.tell_nobody_is_there(at=NOW) for _ in range(2)] == [1, 0]
    assert told(conversation, "offline") == 1


def test_while_somebody_is_there_nobody_is_told(agent: User) -> None:
    come_online(agent)
    make_conversation(response_due_at=DUE)

    assert timers.tell_nobody_is_there(at=NOW) == 0


def test_when_the_last_agent_leaves_again_it_is_told_again(agent: User) -> None:
    conversation = make_conversation(response_due_at=DUE)
    timers.tell_nobody_is_there(at=NOW)
    come_online(agent)
    timers.tell_nobody_is_there(at=NOW)
    leave_desk()

    assert timers.tell_nobody_is_there(at=NOW) == 1
    assert told(conversation, "offline") == 2


def test_who_talks_to_the_bot_needs_nobody() -> None:
    make_conversation(owner=Conversation.Owner.BOT)

    assert timers.tell_nobody_is_there(at=NOW) == 0


def test_a_late_answer_is_announced_once() -> None:
    conversation = make_conversation(response_due_at=DUE)

    assert [timers.announce_breaches(at=at) for at in (DUE, LATE, LATE)] == [0, 1, 0]
    assert Event.objects.get(stream__name="desk:support").payload == {
        "conversation": str(conversation.public_id),
        "agent": None,
    }


def test_what_is_late_with_somebody_who_left_goes_to_the_queue(agent: User) -> None:
    conversation = make_conversation(agent=agent, response_due_at=DUE)
    timers.announce_breaches(at=LATE)

    assert timers.return_abandoned(at=LATE) == 1
    conversation.refresh_from_db()
    assert (conversation.owner, conversation.hand_overs.get().reason) == ("queue", "agent_away")


def test_what_is_passed_on_to_somebody_absent_goes_to_the_queue(agent: User) -> None:
    conversation = make_conversation(agent=agent)
    to = make_person("agent2")
    transfer_conversation(conversation=conversation, actor=agent, to=to, at=NOW)

    assert timers.announce_breaches(at=LATE) == 1
    assert timers.return_abandoned(at=LATE) == 1


def test_who_is_there_keeps_what_is_late(agent: User) -> None:
    come_online(agent)
    make_conversation(agent=agent, response_due_at=DUE)
    timers.announce_breaches(at=LATE)

    assert timers.return_abandoned(at=LATE) == 0


def test_what_slept_wakes_at_its_time(agent: User) -> None:
    make_conversation(agent=agent, status=Conversation.Status.SNOOZED, snoozed_until=DUE)

    assert [timers.wake_due(at=at) for at in (NOW, DUE, LATE)] == [0, 1, 0]


def test_what_wakes_with_somebody_who_left_goes_to_the_queue(agent: User) -> None:
    conversation = make_conversation(agent=agent, status=Conversation.Status.SNOOZED, snoozed_until=NOW)
    timers.wake_due(at=NOW)
    timers.announce_breaches(at=LATE)

    assert timers.return_abandoned(at=LATE) == 1
    conversation.refresh_from_db()
    assert (conversation.owner, conversation.agent) == ("queue", None)


@pytest.mark.parametrize(("author", "is_resolved"), [("bot", True), ("customer", False)])
def test_a_silent_customer_had_their_answer(author: str, is_resolved: bool) -> None:
    conversation = make_conversation(make_visitor(), owner=Conversation.Owner.BOT)
    say(conversation, "It is on its way.", author)

    timers.resolve_silent(at=NOW + timedelta(hours=25))

    conversation.refresh_from_db()
    assert (conversation.status == Conversation.Status.RESOLVED) == is_resolved
    assert conversation.confirmed_at is None


@pytest.mark.parametrize(
    ("actions", "resolution"),
    [
        (["answer"], "answered"),
        (["answer", "small_talk"], "answered"),
        (["ask", "answer"], "answered"),
        (["small_talk"], "no_answer_needed"),
        (["ask"], "no_answer_needed"),
        (["answer", "ask", "small_talk"], "no_answer_needed"),
    ],
)
def test_only_who_was_answered_last_is_when_silent(actions: list[str], resolution: str) -> None:
    conversation = make_conversation(make_visitor(), owner=Conversation.Owner.BOT)
    for action in actions:
        make_decision(say(conversation, "hello"), action=action)
    say(conversation, "Hello! How can I help?", "bot")

    timers.resolve_silent(at=NOW + timedelta(hours=25))

    conversation.refresh_from_db()
    assert conversation.resolution == resolution


def test_a_day_is_waited_for() -> None:
    say(make_conversation(owner=Conversation.Owner.BOT), "It is on its way.", "bot")

    assert timers.resolve_silent(at=NOW + timedelta(hours=23)) == 0


def test_silent_customers_without_an_answer_hold_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "AT_ONCE", 1)
    for author in ("customer", "bot"):
        say(make_conversation(make_visitor(), owner=Conversation.Owner.BOT), "It is on its way.", author)

    assert timers.resolve_silent(at=NOW + timedelta(hours=25)) == 1
