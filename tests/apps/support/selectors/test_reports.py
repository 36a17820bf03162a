"""What reports count, on conversations whose figures are known."""

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.support.engine.decision import Reason
from apps.support.models import Conversation, Decision, Intent
from apps.support.selectors.reports import (
    Period,
    conversations,
    effects,
    outcomes,
    quality_by_intent,
    risk_curve,
    times,
)
from apps.support.services.corrections import correct_intent
from apps.support.services.messages import send_customer_message
from apps.support.services.ownership import return_to_queue, take_conversation
from apps.support.services.status import confirm_resolution, reopen_conversation, resolve_conversation
from tests.apps.support.factories import NOW, hand_over, make_conversation, make_decision, make_visitor, say

pytestmark = pytest.mark.django_db
PERIOD = Period(date(2026, 3, 1), date(2026, 3, 31))
Owner = Conversation.Owner


def asked(intent: str = "track_order", **fields: Any) -> Decision:
    conversation = make_conversation(make_visitor(), owner=Owner.BOT)
    return make_decision(say(conversation, "where is it"), intent, **fields)


def minutes(count: int) -> Any:
    return NOW + timedelta(minutes=count)


def counted() -> dict[tuple[str, str], int]:
    return {(row.outcome, row.by): row.count for row in outcomes(PERIOD) if row.count}


def test_every_conversation_is_counted_once(agent: User) -> None:
    for resolution in ("answered", "spam", "duplicate"):
        one = make_conversation(make_visitor(), agent=agent)
        resolve_conversation(conversation=one, actor=agent, resolution=resolution, at=NOW)
    confirm_resolution(conversation=make_conversation(owner=Owner.BOT), is_solved=True, at=NOW)
    make_conversation()

    assert counted() == {
        ("assumed", "people"): 1,
        ("set_aside", ""): 2,
        ("confirmed", "bot"): 1,
        ("open", ""): 1,
    }
    assert sum(row.share for row in outcomes(PERIOD)) == 100


def test_two_yeses_are_no_reopening() -> None:
    one = make_conversation(owner=Owner.BOT)
    confirm_resolution(conversation=one, is_solved=True, at=NOW)
    send_customer_message(conversation=one, client_id="c-2", body="And my refund?", at=minutes(1))
    assert counted() == {("open", ""): 1}

    confirm_resolution(conversation=one, is_solved=True, at=minutes(2))

    assert counted() == {("confirmed", "bot"): 1}


def test_a_yes_after_a_second_try_is_a_yes() -> None:
    one = make_conversation(owner=Owner.BOT)
    resolve_conversation(conversation=one, actor=None, resolution="answered", at=NOW)
    send_customer_message(conversation=one, client_id="c-2", body="That was not it", at=minutes(1))
    assert counted() == {("reopened", "bot"): 1}

    confirm_resolution(conversation=one, is_solved=True, at=minutes(2))

    assert counted() == {("confirmed", "bot"): 1}


def test_what_the_bot_had_resolved_is_its_reopening_though_people_resolve_it_then(agent: User) -> None:
    one = make_conversation(owner=Owner.BOT)
    resolve_conversation(conversation=one, actor=None, resolution="answered", at=NOW)
    confirm_resolution(conversation=one, is_solved=False, at=minutes(1))

    resolve_conversation(conversation=one, actor=agent, resolution="answered", at=minutes(9))

    assert counted() == {("reopened", "bot"): 1}


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Asia/Shanghai", date(2026, 3, 2), 24),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("UTC", NOW.date(), 24),
    ],
)
def test_a_day_is_that_of_the_time_zone(zone: str, day: date, hours: int) -> None:
    with timezone.override(zone):
        begin, end = Period(day, day).bounds
        assert (end.astimezone(UTC) - begin.astimezone(UTC)).total_seconds() == 3600 * hours
        for at in (begin - timedelta(seconds=1), begin, end - timedelta(seconds=1), end):
            make_conversation(created_at=at)

        assert conversations(Period(day, day)).count() == 2


def test_a_no_after_a_yes_is_a_reopening() -> None:
    one = make_conversation(owner=Owner.BOT)
    confirm_resolution(conversation=one, is_solved=True, at=NOW)

    confirm_resolution(conversation=one, is_solved=False, at=minutes(1))

    assert counted() == {("reopened", "bot"): 1}


@pytest.mark.parametrize(
    ("is_answered", "counts"), [(False, ("set_aside", "")), (True, ("confirmed", "people"))]
)
def test_a_yes_in_the_queue_is_peoples_where_they_said_something(
    agent: User, is_answered: bool, counts: tuple[str, str]
) -> None:
    one = make_conversation()
    if is_answered:
        say(one, "I am looking.", "agent", user=agent)

    confirm_resolution(conversation=one, is_solved=True, at=NOW)

    assert counted() == {counts: 1}


def test_asking_back_and_what_was_drawn_for_people_is_no_lost_answer() -> None:
    asked()
    asked(action="ask", reason=Reason.SLOT_MISSING)
    asked(action="hand_over", reason=Reason.HOLD_OUT)

    (row,) = quality_by_intent(PERIOD)
    assert (row.asked, row.answered, row.coverage.value) == (1, 1, 1.0)


def test_an_intent_has_the_title_that_the_knowledge_gives_it(tracking: Intent) -> None:
    asked(tracking.name)
    asked("gone_since")

    assert {(row.name, row.title) for row in quality_by_intent(PERIOD)} == {
        (tracking.name, tracking.title),
        ("gone_since", ""),
    }


def test_a_correction_and_a_customers_no_both_count_as_wrong(agent: User, refund: Intent) -> None:
    correct_intent(decision=asked(), intent=refund, actor=agent, at=NOW)
    denied = asked()
    say(denied.message.conversation, "It is on its way.", "bot", answers_seq=denied.message.seq)
    asked()

    confirm_resolution(conversation=denied.message.conversation, is_solved=False, at=NOW)

    (row,) = quality_by_intent(PERIOD)
    assert (row.answered, row.wrong) == (3, 2)
    assert [(coverage, round(risk)) for coverage, risk in risk_curve(PERIOD)] == [(100, 67)]


def test_what_people_corrected_without_an_answer_is_no_wrong_one(refund: Intent) -> None:
    asked(confidence=0.95)
    for reason, confidence in ((Reason.HOLD_OUT, 0.99), (Reason.NOT_CONFIDENT, 0.3)):
        asked(action="hand_over", reason=reason, confidence=confidence, corrected_intent=refund)

    assert risk_curve(PERIOD) == [(100, 0)]


def test_a_no_to_a_person_is_none_to_the_bots_answer(agent: User) -> None:
    decision = asked()
    conversation = decision.message.conversation
    say(conversation, "It is on its way.", "bot", answers_seq=decision.message.seq)
    say(conversation, "I am looking.", "agent", user=agent)

    confirm_resolution(conversation=conversation, is_solved=False, at=NOW)

    decision.refresh_from_db()
    assert decision.denied_at is None


def test_handling_ends_where_an_agent_gives_it_back_or_resolves(agent: User) -> None:
    one = make_conversation()
    hand_over(one)
    take_conversation(conversation=one, user=agent, revision=0, at=minutes(1))
    return_to_queue(conversation=one, actor=agent, at=minutes(3))
    one.refresh_from_db()
    take_conversation(conversation=one, user=agent, revision=one.revision, at=minutes(60))
    resolve_conversation(conversation=one, actor=agent, resolution="answered", at=minutes(64))
    reopen_conversation(conversation=one, actor=agent, at=minutes(5000))

    handled = {row.figure: row for row in times(PERIOD)}["handle_time"]
    assert (handled.count, handled.median) == (2, 3.0)


def test_what_an_agent_takes_from_the_bot_or_opens_again_is_handled_too(agent: User) -> None:
    one = make_conversation(owner=Owner.BOT)
    take_conversation(conversation=one, user=agent, revision=one.revision, at=NOW)
    resolve_conversation(conversation=one, actor=agent, resolution="answered", at=minutes(4))
    reopen_conversation(conversation=one, actor=agent, at=minutes(60))
    resolve_conversation(conversation=one, actor=agent, resolution="answered", at=minutes(70))

    figures = {row.figure: row for row in times(PERIOD)}
    assert (figures["handle_time"].count, figures["handle_time"].median) == (2, 7.0)
    assert figures["wait_for_person"].count == 0


def test_nobody_waits_while_it_is_resolved(agent: User) -> None:
    one = make_conversation()
    hand_over(one)
    confirm_resolution(conversation=one, is_solved=True, at=minutes(5))
    send_customer_message(conversation=one, client_id="c-2", body="And my refund?", at=minutes(5000))
    one.refresh_from_db()
    take_conversation(conversation=one, user=agent, revision=one.revision, at=minutes(5002))

    waited = {row.figure: row for row in times(PERIOD)}["wait_for_person"]
    assert (waited.count, waited.median) == (1, 2.0)


def test_only_conversations_with_the_same_chance_to_be_drawn_are_compared() -> None:
    for share, is_drawn in ((0.0, False), (0.5, True), (0.1, False), (0.1, True)):
        make_conversation(make_visitor(), hold_out_share=share, is_hold_out=is_drawn)
    confirm_resolution(conversation=Conversation.objects.earliest("pk"), is_solved=True, at=NOW)

    solved = effects(PERIOD)[0]
    assert (solved.with_bot, solved.without) == (0.0, 0.0)


def test_where_nobody_was_drawn_there_is_no_difference() -> None:
    confirm_resolution(conversation=make_conversation(owner=Owner.BOT), is_solved=True, at=NOW)

    solved = effects(PERIOD)[0]
    assert (solved.with_bot, solved.without, solved.difference) == (1.0, None, None)


def test_spans_are_counted_in_minutes_and_quantiles_lie_between_them() -> None:
    for waited in (1, 3, 11):
        make_conversation(make_visitor(), first_response_at=minutes(waited))
    make_conversation(make_visitor())

    first = {row.figure: row for row in times(PERIOD)}["first_response"]
    assert (first.count, first.median) == (3, 3.0)
    assert first.late == pytest.approx(9.4)
    assert {row.figure: row.median for row in times(PERIOD)}["handle_time"] is None


def test_means_with_and_without_the_bot_are_compared() -> None:
    for rating, is_drawn in ((5, False), (4, False), (3, True), (1, True), (None, True)):
        make_conversation(make_visitor(), rating=rating, is_hold_out=is_drawn)

    rated = {row.figure: row for row in effects(PERIOD)}["rating"]
    assert (rated.with_bot, rated.without) == (4.5, 2.0)
    assert rated.difference is not None
    assert rated.difference.low < rated.difference.value == 2.5 < rated.difference.high


def test_spans_and_means_are_taken_by_the_database(django_assert_num_queries: Any) -> None:
    make_conversation(make_visitor(), rating=4, first_response_at=minutes(1))

    with django_assert_num_queries(5):
        times(PERIOD)
        effects(PERIOD)


def test_what_began_in_a_period_is_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # which so few rows are quickest read by

    assert "support_conversation_created" in conversations(PERIOD).explain()
