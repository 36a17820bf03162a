"""What is decided depends on what was said before."""

import pytest

from apps.support.engine.deciding import Judge
from apps.support.engine.decision import Action, Reason
from apps.support.engine.situation import Turn
from tests.apps.support.bots import understand_words
from tests.apps.support.engine.deciding import decided, outcome


def test_the_order_that_was_asked_for_completes_the_answer() -> None:
    asked = decided("Where is my parcel?")
    assert (asked.action, asked.reply, asked.missing) == (Action.ASK, "Which order?", ("order_id",))
    turn = Turn("Where is my parcel?", ("Where is my parcel?",), "order_id")
    verdict = decided("48213", turns=(turn,), replies=frozenset({"Which order?"}))
    assert (verdict.reply, verdict.slots) == ("Order 48213 is on its way.", {"order_id": "48213"})


def test_small_talk_between_loses_no_question() -> None:
    asked = Turn("Where is my parcel?", ("Where is my parcel?",), "order_id")
    replies = frozenset({"Which order?", "Hello!"})
    verdict = decided("48213", turns=(asked, Turn("Hello?")), replies=replies)
    assert verdict.reply == "Order 48213 is on its way."
    later = (asked, Turn("Hello?"), Turn("48213", ("Where is my parcel?",)))
    assert decided("Where is my parcel now?", turns=later).reply == "Order 48213 is on its way."


def test_a_follow_up_is_read_with_the_question_before_it() -> None:
    turn = Turn("Where is my parcel of order 11111?", ("Where is my parcel of order 11111?",))
    verdict = decided("and for the other one, order 22222?", turns=(turn,))
    assert verdict.reply == "Order 22222 is on its way."


def test_half_a_sentence_is_not_answered_for_itself() -> None:
    turn = Turn("Can I return a lamp?", ("Can I return a lamp?",))
    assert decided("but even if I pay?").reply == "By card."
    assert decided("but even if I pay?", turns=(turn,)).action is Action.HAND_OVER


def test_who_does_not_say_the_order_is_not_asked_twice() -> None:
    turn = Turn("Where is my parcel?", ("Where is my parcel?",), "order_id")
    replies = frozenset({"Which order?"})
    for text in ("yes", "Where is my parcel?", "I have no idea what you mean"):
        assert outcome(text, turns=(turn,), replies=replies) == (Action.HAND_OVER, Reason.ASKED_AGAIN)


def test_who_was_asked_may_change_the_subject() -> None:
    turn = Turn("Where is my parcel?", ("Where is my parcel?",), "order_id")
    assert decided("How can I pay?", turns=(turn,)).reply == "By card."


def test_the_same_answer_is_not_given_twice() -> None:
    turn = Turn("How can I pay?", ("How can I pay?",))
    replies = frozenset({"By card."})
    assert outcome("but how do I pay", turns=(turn,), replies=replies) == (
        Action.HAND_OVER,
        Reason.ASKED_AGAIN,
    )


def test_a_yes_after_an_answer_goes_to_people() -> None:
    turn = Turn("How can I pay?", ("How can I pay?",))
    verdict = decided("yes", turns=(turn,), replies=frozenset({"By card."}))
    assert verdict.action is Action.HAND_OVER


@pytest.mark.parametrize("text", ["no", "nope", "没有"])
def test_no_to_anything_else_is_a_goodbye(text: str) -> None:
    assert decided(text, turns=(Turn("thanks"),)).reason is Reason.GOODBYE
    asked = Turn("How can I pay?", ("How can I pay?",))
    assert decided(text, turns=(asked,)).reason is not Reason.GOODBYE


def test_what_was_given_as_a_bare_answer_serves_the_next_question() -> None:
    asked = Turn("Where is my parcel?", ("Where is my parcel?",), "order_id")
    turns = (asked, Turn("48213", ("Where is my parcel?",)), Turn("thanks"))
    assert decided("Where is my parcel now?", turns=turns).reply == "Order 48213 is on its way."


def test_a_question_of_its_own_is_no_name() -> None:
    turn = Turn("My parcel is broken", ("My parcel is broken",), "product")
    assert decided("by card, to pay", turns=(turn,)).reply == "By card."


@pytest.mark.parametrize("said", ["Wait a second", "ok", "👍", "等一下"])
def test_who_looks_for_what_was_asked_has_time(said: str) -> None:
    turn = Turn("Where is my parcel?", ("Where is my parcel?",), "order_id")

    verdict = decided(said, turns=(turn,))
    assert (verdict.action, verdict.reason) == (Action.SMALL_TALK, Reason.MOMENT)
    assert decided("48213", turns=(turn, Turn(said))).reply == "Order 48213 is on its way."


@pytest.mark.parametrize(
    ("asked", "placeholder", "said", "reply"),
    [
        ("我的 parcel 在哪里", "order_id", "48213", "订单48213在路上。"),
        ("怎么 return", "product", "Nova X2", "Nova X2可以退。"),
        ("怎么 return", "product", "👍", "慢慢来。"),
        ("怎么 pay", "", "👍", "不客气。"),
    ],
)
def test_what_tells_no_language_is_answered_in_that_of_the_turn_before(
    asked: str, placeholder: str, said: str, reply: str
) -> None:
    turn = Turn(asked, (asked,), placeholder, language="zh-hans")

    assert decided(said, turns=(turn,)).reply == reply


def test_a_chinese_name_for_an_english_question_is_answered_in_english() -> None:
    turn = Turn("How do I return it?", ("How do I return it?",), "product", language="en")

    assert decided("极光台灯", turns=(turn,)).language == "en"
    assert decided("是极光台灯，怎么退？", turns=(turn,)).language == "zh-hans"


@pytest.mark.parametrize(
    "said", ["sorry, 48214", "and 48214?", "no wait, it's 48214", "what about 48214", "不好意思，是48214"]
)
def test_another_number_alone_answers_the_last_question_anew(said: str) -> None:
    before = Turn("Where is my parcel of order 48213?", ("Where is my parcel of order 48213?",))
    replies = frozenset({"Order 48213 is on its way."})
    assert "48214" in decided(said, turns=(before,), replies=replies).reply
    assert decided(said).action is Action.HAND_OVER


@pytest.mark.parametrize(
    "said", ["cancel 48214", "48214 is broken", "my phone is 48214", "48213 and 48214", "07911123456"]
)
def test_a_number_beside_something_else_is_no_reply(said: str) -> None:
    before = Turn("Where is my parcel of order 48213?", ("Where is my parcel of order 48213?",))
    assert decided(said, turns=(before,)).action is Action.HAND_OVER


@pytest.mark.parametrize("said", ["the pay", "it's under [EMAIL_ADDRESS], pay"])
def test_what_only_goes_on_with_the_question_is_not_answered_for_itself(said: str) -> None:
    asked = Turn("Where is my parcel?", ("Where is my parcel?",), "order_id")
    assert decided(said).reply == "By card."
    assert decided(said, turns=(asked,)).action is Action.HAND_OVER


@pytest.mark.parametrize(
    "said", ["my parcel is late and I lost the order number", "我的 parcel 订单号找不到了"]
)
def test_who_does_not_have_the_number_is_not_asked_for_it(said: str) -> None:
    assert outcome("I can't find my parcel") == (Action.ASK, Reason.SLOT_MISSING)
    assert outcome(said) == (Action.HAND_OVER, Reason.VALUE_MISSING)


def test_who_was_not_helped_gets_a_person_whatever_the_model_reads() -> None:
    answered = Turn("How can I pay?", ("How can I pay?",))
    judge = Judge(lambda texts: understand_words(["parcel"] * len(texts)), 0.9)
    assert outcome("No, wrong answer", judge=judge) == (Action.ASK, Reason.SLOT_MISSING)
    assert outcome("No, wrong answer", turns=(answered,), judge=judge) == (
        Action.HAND_OVER,
        Reason.NOT_SOLVED,
    )


@pytest.mark.parametrize("said", ["No, that's not what I meant. How can I pay?", "不是问这个，怎么 pay"])
def test_a_question_beside_it_is_answered(said: str) -> None:
    assert decided(said, turns=(Turn("Where is it?", ("Where is it?",)),)).reply in ("By card.", "可以刷卡。")
