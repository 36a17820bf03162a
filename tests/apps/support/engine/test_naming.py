import pytest

from apps.support.engine.naming import LONGEST, article_name, intent_name, name_of

PLAIN = ("track_order", "refund_not_showing_up", "a", "x" * LONGEST, "2_factor")


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert intent_name(name) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Where is my order?", "where_is_my_order"),
        ("Refund_not_showing_up", "refund_not_showing_up"),
        ("  [CREDIT_CARD] -- lost!", "credit_card_lost"),
        ("Ｏｒｄｅｒ", "order"),
    ],
)
def test_punctuation_case_and_width_need_no_digest(title: str, name: str) -> None:
    assert intent_name(title) == name


@pytest.mark.parametrize(
    ("one", "other", "begins"),
    [
        ("如何绑定Apple Pay", "Apple Pay付款失败", "apple_pay_"),
        ("Is it in C++?", "Is it in C?", "is_it_in_c"),
        ("Café hours", "Caf hours", "caf_hours"),
        ("a" * 64 + " one", "a" * 64 + " two", "a" * 53 + "_"),
        ("退款", "退货", "intent_"),
    ],
)
def test_what_a_name_cannot_hold_is_told_apart(one: str, other: str, begins: str) -> None:
    names = {intent_name(one), intent_name(other)}

    assert len(names) == 2
    assert all(name.startswith(begins) and len(name) <= LONGEST for name in names)


def test_one_question_in_two_spellings_is_one_intent() -> None:
    assert intent_name("如何绑定 Apple Pay？") == intent_name("如何绑定 APPLE PAY")


@pytest.mark.parametrize("title", ["Apple Pay付款失败", "word " * 40, "退款"])
def test_a_name_is_the_name_of_itself(title: str) -> None:
    assert intent_name(intent_name(title)) == intent_name(title)


def test_an_article_is_named_as_an_intent_is() -> None:
    assert article_name("Returns") == "returns"
    assert article_name("退款").startswith("article_")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Order Number", "order_number"),
        ("订单号", "订单号"),
        ("Número de pedido", "número_de_pedido"),
        ("ＯＲＤＥＲ－１", "order_1"),
        ("?!", ""),
        ("x" * 80, "x" * LONGEST),
    ],
)
def test_a_name_is_of_letters_and_digits_of_any_script(written: str, name: str) -> None:
    assert name_of(written) == name
