"""What an agent wrote to one customer becomes what every customer reads, without what was this one's."""

import pytest

from apps.accounts.models import User
from apps.support.models import AnswerSuggestion, AnswerTemplate, Decision, Intent, Placeholder
from apps.support.selectors.standing import stamp_of
from apps.support.services.conversations import ErasedCustomerError
from apps.support.services.corrections import learn_from_answer
from apps.support.services.erasure import erase_customer
from apps.support.services.templates import (
    MaskedTextError,
    accept_answer,
    dismiss_answer,
    save_template,
    write_answer,
)
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_intent, say

OFFERED = "You can follow order 48213 here."


@pytest.fixture
def tracking(db: None) -> Intent:
    Placeholder.objects.create(name="order_id", kind="identifier", source="conversation", pattern=r"\d{5}")
    Placeholder.objects.create(name="customer_name", source="customer")
    return make_intent("track_order", answer="You can follow order {{order_id}} here.")


@pytest.fixture
def decision(tracking: Intent) -> Decision:
    return make_decision(say(make_conversation(), "where is order 48213"), tracking.name)


def learned(decision: Decision, sent: str, agent: User, inserted: str = OFFERED) -> AnswerSuggestion | None:
    reply = say(decision.message.conversation, sent, author="agent", user=agent)
    intent = Intent.objects.get(name="track_order")
    return learn_from_answer(decision=decision, intent=intent, inserted=inserted, reply=reply, at=NOW)


def test_what_was_filled_in_for_one_customer_is_a_placeholder_again(decision: Decision, agent: User) -> None:
    suggestion = learned(decision, f"Sorry, Mara Lind! {OFFERED} Or call +49 30 1234567.", agent)

    assert suggestion is not None
    assert suggestion.body == (
        "Sorry, {{customer_name}}! You can follow order {{order_id}} here. Or call [PHONE_NUMBER]."
    )


def test_what_an_agent_filled_in_by_hand_suggests_nothing(decision: Decision, agent: User) -> None:
    assert learned(decision, OFFERED, agent, inserted="You can follow order {{order_id}} here.") is None


def test_what_the_answer_says_to_everybody_stays(decision: Decision, agent: User) -> None:
    AnswerTemplate.objects.update(body="Call 30123 for order {{order_id}}.")
    say(decision.message.conversation, "I called 30123")
    Placeholder.objects.create(name="called", source="conversation", pattern=r"called (\d+)")

    suggestion = learned(decision, "Please call 30123 for order 30123.", agent)

    assert suggestion is not None
    assert "{{called}}" not in suggestion.body


@pytest.mark.parametrize(
    ("page", "sent", "language"),
    [
        ("en", "订单48213在这里", "zh-hans"),
        ("fr", f"{OFFERED} Bye", "en"),
        ("zh-hans", f"{OFFERED} Bye", "en"),
    ],
)
def test_a_suggestion_is_of_the_language_that_was_written(
    decision: Decision, agent: User, page: str, sent: str, language: str
) -> None:
    decision.message.conversation.language = page

    suggestion = learned(decision, sent, agent)

    assert suggestion is not None
    assert suggestion.language == language


def test_a_masked_label_is_never_an_answer(decision: Decision, agent: User, lead: User) -> None:
    suggestion = learned(decision, f"{OFFERED} Or call +49 30 1234567.", agent)
    assert suggestion is not None

    with pytest.raises(MaskedTextError, match=r"\[PHONE_NUMBER\]"):
        accept_answer(suggestion=suggestion, body=suggestion.body, actor=lead, at=NOW)
    suggestion.refresh_from_db()
    assert suggestion.state == "open"


def test_the_leads_wording_is_what_everybody_reads(decision: Decision, agent: User, lead: User) -> None:
    suggestion = learned(decision, f"{OFFERED} Or call +49 30 1234567.", agent)
    assert suggestion is not None

    accept_answer(suggestion=suggestion, body="Follow {{order_id}} here, or call us.", actor=lead, at=NOW)

    suggestion.refresh_from_db()
    current = AnswerTemplate.objects.get(is_current=True)
    assert (current.body, suggestion.state) == ("Follow {{order_id}} here, or call us.", "accepted")


def test_a_dismissed_wording_changes_nothing(decision: Decision, agent: User) -> None:
    suggestion = learned(decision, f"{OFFERED} Bye", agent)
    assert suggestion is not None

    dismiss_answer(suggestion=suggestion, at=NOW)

    suggestion.refresh_from_db()
    assert (suggestion.state, AnswerTemplate.objects.count()) == ("dismissed", 1)


def test_an_erasure_takes_the_wording_back(decision: Decision, agent: User, lead: User) -> None:
    suggestion = learned(decision, f"{OFFERED} Bye", agent)
    assert suggestion is not None
    accept_answer(suggestion=suggestion, body=suggestion.body, actor=lead, at=NOW)

    erasure = erase_customer(visitor=decision.message.conversation.visitor, actor=lead, at=NOW)

    bodies = AnswerTemplate.objects.order_by("number").values_list("body", "is_current")
    assert list(bodies) == [("You can follow order {{order_id}} here.", True), ("", False)]
    assert erasure.removed["answers"] == 1


def test_a_wording_that_the_lead_polished_goes_too(decision: Decision, agent: User, lead: User) -> None:
    suggestion = learned(decision, f"{OFFERED} Your zebra umbrella left", agent)
    assert suggestion is not None
    taken = accept_answer(suggestion=suggestion, body=suggestion.body, actor=lead, at=NOW)
    write_answer(
        intent=suggestion.intent,
        language="en",
        body=taken.body.replace("left", "has left"),
        seen=stamp_of(taken),
        author=lead,
        at=NOW,
    )

    erase_customer(visitor=decision.message.conversation.visitor, actor=lead, at=NOW)

    assert AnswerTemplate.objects.get(is_current=True).number == 1
    assert not AnswerTemplate.objects.filter(body__contains="zebra").exists()


def test_what_the_lead_wrote_since_stays(decision: Decision, agent: User, lead: User) -> None:
    suggestion = learned(decision, f"{OFFERED} Bye", agent)
    assert suggestion is not None
    accept_answer(suggestion=suggestion, body=suggestion.body, actor=lead, at=NOW)
    save_template(intent=suggestion.intent, language="en", body="Look here.", author=lead, at=NOW)

    erase_customer(visitor=decision.message.conversation.visitor, actor=lead, at=NOW)

    assert AnswerTemplate.objects.get(is_current=True).body == "Look here."


def test_nothing_is_taken_over_from_who_was_erased_meanwhile(
    decision: Decision, agent: User, lead: User
) -> None:
    suggestion = learned(decision, f"{OFFERED} Bye", agent)
    assert suggestion is not None
    erase_customer(visitor=decision.message.conversation.visitor, actor=lead, at=NOW)

    with pytest.raises(ErasedCustomerError):
        accept_answer(suggestion=suggestion, body=suggestion.body, actor=lead, at=NOW)
