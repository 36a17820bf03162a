from collections.abc import Sequence
from dataclasses import replace

import pytest

from apps.support.engine.deciding import LONGEST, Judge, decide
from apps.support.engine.decision import Action, Neighbour, Reason, Understood
from apps.support.engine.situation import Situation
from tests.apps.support.bots import SURE, UNCERTIFIED, understand_words
from tests.apps.support.engine.deciding import KNOWLEDGE, ORDER, decided, outcome, wording


def test_a_known_question_is_answered_from_its_template() -> None:
    verdict = decided("How can I pay?")
    assert (verdict.action, verdict.reason, verdict.reply) == (Action.ANSWER, Reason.CERTIFIED, "By card.")


def test_chinese_is_answered_in_chinese_where_there_is_an_answer() -> None:
    assert decided("怎么 pay 付款？").reply == "可以刷卡。"
    assert decided("How can I pay?", language="fr").reply == "By card."


@pytest.mark.parametrize(
    ("text", "reason", "reply"),
    [
        ("Hello there!", Reason.GREETING, "Hello!"),
        ("Thanks, bye", Reason.GOODBYE, "Goodbye."),
        ("👍", Reason.THANKS, "You are welcome."),
        ("Hi! Are you a bot?", Reason.IDENTITY, "An assistant."),
    ],
)
def test_small_talk_needs_no_model(text: str, reason: Reason, reply: str) -> None:
    verdict = decided(text, judge=None)
    assert (verdict.action, verdict.reason, verdict.reply) == (Action.SMALL_TALK, reason, reply)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I want to speak to a person", Reason.WANTS_PERSON),
        ("Get me your colleague", Reason.WANTS_PERSON),
        ("My cat ate it", Reason.NOT_CONFIDENT),
        ("?!", Reason.EMPTY),
        ("pay " * LONGEST, Reason.TOO_LONG),
        ("How can I return it?", Reason.NO_TEMPLATE),
        ("Please cancel my subscription", Reason.VALUE_MISSING),
    ],
)
def test_what_cannot_be_answered_goes_to_people_with_the_reason(text: str, reason: Reason) -> None:
    assert outcome(text) == (Action.HAND_OVER, reason)


def test_an_answer_that_holds_a_mask_goes_to_nobody() -> None:
    masked = replace(KNOWLEDGE, answers={("payment_methods", "en"): "Call [PHONE_NUMBER]."})
    verdict = decide(Situation("How can I pay?", "How can I pay?"), masked, wording, SURE)

    assert (verdict.action, verdict.reason) == (Action.HAND_OVER, Reason.MASKED_ANSWER)
    assert verdict.reply == ""


def test_an_answer_with_broken_braces_goes_to_nobody() -> None:
    broken = replace(KNOWLEDGE, answers={("payment_methods", "en"): "Hi {{name}, by card."})
    verdict = decide(Situation("How can I pay?", "How can I pay?"), broken, wording, SURE)

    assert (verdict.action, verdict.reason) == (Action.HAND_OVER, Reason.VALUE_MISSING)


def test_no_model_and_no_certificate_are_said() -> None:
    assert outcome("How can I pay?", judge=None) == (Action.HAND_OVER, Reason.NO_MODEL)
    assert outcome("How can I pay?", judge=UNCERTIFIED) == (Action.HAND_OVER, Reason.NO_CERTIFICATE)


def test_a_certificate_that_is_not_made_yet_is_not_one_that_could_not_be_made() -> None:
    being_made = replace(UNCERTIFIED, is_certified=False)

    assert outcome("How can I pay?", judge=being_made) == (Action.HAND_OVER, Reason.NOT_CERTIFIED)
    assert decided("How can I pay?", judge=being_made).confidence is None


def test_several_known_questions_are_answered_together() -> None:
    verdict = decided("Where is my parcel of order 48213? And how can I pay for another?")
    assert verdict.reply == "Order 48213 is on its way.\n\nBy card."
    assert [question.intent for question in verdict.questions] == ["track_order", "payment_methods"]


def test_what_is_told_beside_a_question_is_answered_too_where_it_is_known() -> None:
    told = "My {} of order 48213 is late, and how can I pay?"
    assert decided(told.format("parcel")).reply == "Order 48213 is on its way.\n\nBy card."
    assert decided(told.format("lamp")).reply == "By card."


def test_one_unknown_question_of_several_sends_all_of_them_to_people() -> None:
    text = "How can I pay for a lamp? And why do cats eat every lamp?"
    assert outcome(text) == (Action.HAND_OVER, Reason.PART_UNANSWERED)


def test_an_answer_for_one_of_two_orders_is_none() -> None:
    text = "Where is my parcel of order 48213 and of order 48214?"
    assert outcome(text) == (Action.HAND_OVER, Reason.PART_UNANSWERED)


def test_values_of_the_customer_context_are_filled_in_and_not_kept() -> None:
    verdict = decided("Please cancel it", context={"points": 120})
    assert (verdict.reply, verdict.slots) == ("You have 120 points.", {})


def test_whatever_is_asked_no_placeholder_reaches_the_customer() -> None:
    bare = replace(KNOWLEDGE, placeholders={})
    for text in ("Where is my parcel?", "Please cancel it", "How can I pay?"):
        verdict = decide(Situation(text=text, body=text), bare, wording, SURE)
        assert "{{" not in verdict.reply


@pytest.mark.parametrize("text", ["Do not cancel it", "I never asked to cancel it", "不要 cancel 我的订单"])
def test_who_wants_the_opposite_is_passed_to_people(text: str) -> None:
    assert outcome(text, context={"points": 1}) == (Action.HAND_OVER, Reason.NEGATED)


@pytest.mark.parametrize(
    ("near", "action"),
    [
        (["please do not cancel anything", "cancel it"], Action.ANSWER),
        (["cancel it", "I do not want to wait, cancel it"], Action.HAND_OVER),
    ],
)
def test_a_wish_that_the_nearest_labelled_question_words_so_is_answered(
    near: list[str], action: Action
) -> None:
    def understand(texts: Sequence[str]) -> list[Understood]:
        found = tuple(Neighbour(text, "cancel_order", 0.8) for text in near)
        return [replace(one, neighbours=found) for one in understand_words(texts)]

    judge = Judge(understand, 0.9)
    assert decided("Do not cancel it", judge=judge, context={"points": 1}).action is action


def test_only_who_is_surely_understood_so_wants_a_person() -> None:
    assert outcome("my colleague did not pay") == (Action.HAND_OVER, Reason.NOT_CONFIDENT)
    assert outcome("my colleague is nice") == (Action.HAND_OVER, Reason.WANTS_PERSON)


def test_who_refuses_a_person_is_answered() -> None:
    assert decided("I don't need a human, how can I pay?").reply == "By card."
    assert outcome("no need for a colleague") == (Action.HAND_OVER, Reason.NEGATED)


def test_who_is_answered_in_chinese_is_asked_in_chinese() -> None:
    order = replace(ORDER, question_in_chinese="哪个订单？")
    knowledge = replace(KNOWLEDGE, placeholders={"order_id": order})
    said = Situation(text="我的 parcel 在哪里", body="我的 parcel 在哪里")

    assert decide(said, knowledge, wording, SURE).reply == "哪个订单？"
    assert decided("我的 parcel 在哪里").reply == "Which order?"
