from datetime import datetime, timedelta

import pytest

from apps.accounts.models import User
from apps.streams.models import Event
from apps.support.models import Conversation, Intent
from apps.support.services.conversations import ShownElsewhereError
from apps.support.services.messages import send_customer_message
from apps.support.services.ownership import NotOwnerError, return_to_queue
from apps.support.services.status import (
    RatingError,
    StatusError,
    confirm_resolution,
    rate_conversation,
    reopen_conversation,
    resolve_conversation,
    snooze_conversation,
    wake_snoozed,
)
from tests.apps.support.factories import (
    NOW,
    hand_over,
    make_conversation,
    make_decision,
    make_person,
    make_visitor,
    say,
)

pytestmark = pytest.mark.django_db
Owner, Status = Conversation.Owner, Conversation.Status
LATER = NOW + timedelta(hours=2)


def resolve(conversation: Conversation, actor: User | None, at: datetime = NOW) -> Conversation:
    return resolve_conversation(conversation=conversation, actor=actor, resolution="answered", at=at)


def write(conversation: Conversation, at: datetime) -> Conversation:
    send_customer_message(conversation=conversation, client_id=at.isoformat(), body="Again!", at=at)
    return Conversation.objects.get(pk=conversation.pk)


def test_an_agent_resolves_with_a_reason(agent: User) -> None:
    resolved = resolve(make_conversation(agent=agent), agent)

    assert (resolved.status, resolved.resolved_at, resolved.resolved_by) == (
        Status.RESOLVED,
        NOW,
        Owner.AGENT,
    )


def test_resolving_what_waits_takes_it(agent: User) -> None:
    assert resolve(make_conversation(), agent).agent == agent


def test_nobody_resolves_what_is_another_agents(agent: User) -> None:
    with pytest.raises(NotOwnerError):
        resolve(make_conversation(agent=make_person("agent2")), agent)


def test_what_the_customer_would_not_see_is_not_opened_again(agent: User) -> None:
    earlier = resolve(make_conversation(agent=agent), agent)
    later = make_conversation(earlier.visitor, owner=Owner.BOT, created_at=LATER)

    with pytest.raises(ShownElsewhereError) as refusal:
        reopen_conversation(conversation=earlier, actor=agent, at=LATER)

    assert refusal.value.shown == later
    resolve(later, agent, LATER)
    assert reopen_conversation(conversation=earlier, actor=agent, at=LATER).status == Status.OPEN


def test_an_unknown_reason_is_refused(agent: User) -> None:
    with pytest.raises(StatusError, match="bored"):
        resolve_conversation(conversation=make_conversation(), actor=agent, resolution="bored", at=NOW)


def test_what_the_bot_resolved_goes_back_to_the_bot() -> None:
    conversation = resolve(make_conversation(owner=Owner.BOT), None)

    again = write(conversation, LATER)

    assert (again.status, again.owner, again.reopened_at) == (Status.OPEN, Owner.BOT, LATER)
    assert again.messages.get().awaits_bot


def test_what_an_agent_resolved_goes_back_to_the_queue(agent: User) -> None:
    conversation = resolve(make_conversation(agent=agent), agent)

    again = write(conversation, LATER)

    assert (again.status, again.owner, again.hand_overs.get().reason) == (
        Status.OPEN,
        Owner.QUEUE,
        "reopened",
    )


@pytest.mark.parametrize(("days", "counts"), [(7, True), (8, False)])
def test_seven_days_count_as_reopened(agent: User, days: int, counts: bool) -> None:
    conversation = resolve(make_conversation(agent=agent), agent)

    assert (write(conversation, NOW + timedelta(days=days)).reopened_at is not None) == counts


def test_a_snoozed_conversation_wakes_with_the_customers_word(agent: User) -> None:
    conversation = make_conversation(agent=agent)
    snooze_conversation(conversation=conversation, actor=agent, until=LATER, at=NOW)

    woken = write(conversation, NOW)

    assert (woken.status, woken.agent, woken.snoozed_until, woken.reopened_at) == (
        Status.OPEN,
        agent,
        None,
        None,
    )


def test_a_snoozed_conversation_wakes_at_its_time(agent: User) -> None:
    conversation = make_conversation(agent=agent)
    snooze_conversation(conversation=conversation, actor=agent, until=LATER, at=NOW)

    assert [wake_snoozed(conversation=conversation, at=at) for at in (NOW, LATER, LATER)] == [
        False,
        True,
        False,
    ]


def test_nobody_sleeps_into_the_past(agent: User) -> None:
    with pytest.raises(StatusError, match="future"):
        snooze_conversation(conversation=make_conversation(agent=agent), actor=agent, until=NOW, at=NOW)


def test_an_agent_reopens_and_has_it(agent: User) -> None:
    conversation = resolve(make_conversation(agent=agent), agent)
    other = make_person("agent2")

    reopened = reopen_conversation(conversation=conversation, actor=other, at=LATER)

    assert (reopened.status, reopened.agent, reopened.reopened_at) == (Status.OPEN, other, LATER)
    # They may leave, and then somebody else has to see it.
    assert reopened.response_due_at is not None


@pytest.mark.parametrize(("minutes", "counts"), [(5, False), (6, True)])
def test_who_undoes_what_they_have_just_resolved_goes_on(agent: User, minutes: int, counts: bool) -> None:
    conversation, at = make_conversation(), NOW + timedelta(minutes=minutes)
    hand_over(conversation)
    resolve(conversation, agent)

    reopened = reopen_conversation(conversation=conversation, actor=agent, at=at)

    assert (reopened.reopened_at is not None, reopened.resolved_at) == (counts, None)
    assert (reopened.hand_overs.earliest("pk").ended_at is not None) == counts
    assert reopened.hand_overs.filter(ended_at=None).count() == 1


def test_a_customer_confirms() -> None:
    confirmed = confirm_resolution(conversation=make_conversation(owner=Owner.BOT), is_solved=True, at=NOW)

    assert (confirmed.status, confirmed.resolved_by, confirmed.confirmed_at) == (
        Status.RESOLVED,
        Owner.BOT,
        NOW,
    )


def test_a_customer_who_says_no_gets_a_person(agent: User) -> None:
    refused = confirm_resolution(conversation=make_conversation(owner=Owner.BOT), is_solved=False, at=NOW)

    assert (refused.owner, refused.hand_overs.get().reason) == (Owner.QUEUE, "not_solved")


def test_a_no_while_an_agent_works_on_it_takes_nothing_away(agent: User) -> None:
    assert (
        confirm_resolution(conversation=make_conversation(agent=agent), is_solved=False, at=NOW).agent
        == agent
    )


def test_a_rating_is_kept_without_personal_data(agent: User) -> None:
    rated = rate_conversation(
        conversation=make_conversation(agent=agent), rating=4, comment="Ask mara@example.com"
    )

    assert (rated.rating, rated.rating_comment) == (4, "Ask [EMAIL_ADDRESS]")


@pytest.mark.parametrize(("rating", "comment"), [(0, ""), (6, ""), (3, "x" * 2001), (3, "\0")])
def test_a_rating_that_is_none_is_refused(rating: int, comment: str) -> None:
    with pytest.raises(RatingError):
        rate_conversation(conversation=make_conversation(), rating=rating, comment=comment)


def test_a_second_yes_changes_nothing() -> None:
    conversation = make_conversation(owner=Owner.BOT)
    for at in (NOW, LATER):
        confirm_resolution(conversation=conversation, is_solved=True, at=at)

    assert Event.objects.filter(stream__name=conversation.stream, kind="confirmed").count() == 1


def test_a_no_is_handed_over_with_what_was_asked(tracking: Intent) -> None:
    Intent.objects.update(skill="parcels")
    conversation = make_conversation(owner=Owner.BOT)
    make_decision(say(conversation, "where is it"), tracking.name, slots={"order_id": "a-1"})

    refused = confirm_resolution(conversation=conversation, is_solved=False, at=NOW)

    told = refused.hand_overs.get()
    assert (told.intent, told.skill) == (tracking.name, "parcels")
    assert (told.summary["questions"], told.summary["slots"]) == (["where is it"], {"order_id": "a-1"})


def test_a_no_to_what_was_resolved_in_the_queue_is_waited_for_again() -> None:
    conversation = make_conversation()
    hand_over(conversation)
    confirm_resolution(conversation=conversation, is_solved=True, at=NOW)

    refused = confirm_resolution(conversation=conversation, is_solved=False, at=LATER)

    assert refused.response_due_at is not None
    assert refused.response_due_at > LATER
    assert [one.reason for one in refused.hand_overs.all()] == ["not_solved", "not_confident"]


def test_what_is_given_back_asleep_is_awake_in_the_queue(agent: User) -> None:
    conversation = make_conversation(agent=agent)
    snooze_conversation(conversation=conversation, actor=agent, until=LATER, at=NOW)

    return_to_queue(conversation=conversation, actor=agent, at=NOW)

    conversation.refresh_from_db()
    assert (conversation.status, conversation.snoozed_until) == (Status.OPEN, None)
    assert conversation.response_due_at is not None


def test_what_is_given_back_resolved_is_not_late_when_it_goes_on(agent: User) -> None:
    conversation = resolve(make_conversation(agent=agent), agent)
    return_to_queue(conversation=conversation, actor=agent, at=NOW)

    due = write(conversation, LATER).response_due_at
    assert due is not None
    assert due > LATER


def test_thanks_for_what_is_resolved_open_nothing_again(agent: User) -> None:
    with_people = resolve(make_conversation(agent=agent), agent)
    with_bot = resolve(make_conversation(make_visitor(), owner=Owner.BOT), None)
    for conversation in (with_people, with_bot):
        send_customer_message(conversation=conversation, client_id="c-1", body="Thank you!", at=LATER)
        conversation.refresh_from_db()

        assert (conversation.status, conversation.reopened_at, conversation.response_due_at) == (
            Status.RESOLVED,
            None,
            None,
        )
    assert [with_people.messages.get().awaits_bot, with_bot.messages.get().awaits_bot] == [False, True]
