import pytest

from apps.support.engine.questions import split_questions

SEVERAL = [
    (
        "How do I return the kettle? And how long does the refund take?",
        ["How do I return the kettle?", "And how long does the refund take?"],
    ),
    ("how do i pay and when will my order arrive", ["how do i pay", "when will my order arrive"]),
    (
        "Hi! Where is my parcel from Monday?\nCan I still add a lamp to my order?",
        ["Where is my parcel from Monday?", "Can I still add a lamp to my order?"],
    ),
    ("你好，我的订单在哪里？另外怎么申请退款？", ["我的订单在哪里？", "另外怎么申请退款？"]),
    (
        "My voucher does not work, and do you take vouchers of others?",
        ["My voucher does not work", "do you take vouchers of others?"],
    ),
    ("Cancel my order and also delete my account.", ["Cancel my order", "delete my account."]),
    ("优惠券用不了，另外能货到付款吗", ["优惠券用不了", "能货到付款吗"]),
    ("怎么退货，多久能退款到账", ["怎么退货", "多久能退款到账"]),
]
ONE = [
    "My kettle arrived yesterday. It is broken. What can I do?",
    "Where is my order? Has it been lost?",
    "I ordered a lamp on Monday and a chair on Tuesday.",
    "I bought a lamp, and can I return it?",
    "I lost my card and would like a new one.",
    "I also want a refund for my lamp.",
    "I bought order no. 48213 on the 3rd. Nothing has come. Please tell me where it is.",
    "The chair wobbles and the screws are missing, is that normal?",
    "我上周买的水壶到了。但是是坏的。我该怎么办？",
    "昨天付款失败了，钱被扣了两次",
]


@pytest.mark.parametrize(("message", "parts"), SEVERAL)
def test_several_questions_are_parted(message: str, parts: list[str]) -> None:
    assert [part.text for part in split_questions(message)] == parts


@pytest.mark.parametrize("message", ONE)
def test_one_question_told_in_several_sentences_stays_whole(message: str) -> None:
    assert [part.text for part in split_questions(message)] == [message.replace("\n", " ")]


@pytest.mark.parametrize(
    "message",
    ["Hello there! Can you help me? {}", "Good morning, {}", "{} Thanks a lot!", "Hi, quick question, {}"],
)
def test_greeting_lead_and_thanks_are_left_out(message: str) -> None:
    question = "How long does express delivery take?"
    assert [part.text for part in split_questions(message.format(question))] == [question]


def test_small_talk_alone_holds_no_question() -> None:
    assert split_questions("Hi there! Thank you so much.") == ()


def test_a_clause_is_told_from_a_sentence_of_its_own() -> None:
    parts = split_questions("how do i pay and when will my order arrive")
    assert [part.is_separate for part in parts] == [True, False]


@pytest.mark.parametrize(
    ("message", "are_separate"),
    [
        ("My voucher does not work, and do you take vouchers of others?", False),
        ("My voucher does not work, and also do you take vouchers of others?", True),
        ("优惠券用不了，另外能货到付款吗", True),
        ("优惠券用不了，而且能货到付款吗", False),
    ],
)
def test_what_leads_to_a_question_is_told_from_another_wish(message: str, are_separate: bool) -> None:
    assert [part.is_separate for part in split_questions(message)] == [are_separate] * 2
