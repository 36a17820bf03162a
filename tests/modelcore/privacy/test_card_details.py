"""The month and the code of a card, beside its number and alone."""

import pytest

from modelcore.privacy import mask

CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("{} exp 12/27 cvv 123", "[CREDIT_CARD] exp [CARD_EXPIRY] cvv [CARD_CODE]"),
        ("{}, 12/27, 123", "[CREDIT_CARD], [CARD_EXPIRY], [CARD_CODE]"),
        ("{} (12/2027, CVC 123)", "[CREDIT_CARD] ([CARD_EXPIRY], CVC [CARD_CODE])"),
        ("{}, security code 123", "[CREDIT_CARD], security code [CARD_CODE]"),
        ("{}, gültig bis 09/28", "[CREDIT_CARD], gültig bis [CARD_EXPIRY]"),
        ("{}，有效期至2027年12月，安全码123", "[CREDIT_CARD]，有效期至[CARD_EXPIRY]，安全码[CARD_CODE]"),
        ("exp 0927, card {}", "exp [CARD_EXPIRY], card [CREDIT_CARD]"),
        ("{}\t12/27\t123", "[CREDIT_CARD]\t[CARD_EXPIRY]\t[CARD_CODE]"),
        ("{}，12/27，123", "[CREDIT_CARD]，[CARD_EXPIRY]，[CARD_CODE]"),
        ("{}|12|2027|123", "[CREDIT_CARD]|[CARD_EXPIRY]|[CARD_CODE]"),
        ("{} 1227 123", "[CREDIT_CARD] [CARD_EXPIRY] [CARD_CODE]"),
        ("{}, Dec 2027, 123", "[CREDIT_CARD], [CARD_EXPIRY], [CARD_CODE]"),
        ("{} exp December 2027", "[CREDIT_CARD] exp [CARD_EXPIRY]"),
        ("{}有效期12月27年", "[CREDIT_CARD]有效期[CARD_EXPIRY]"),
        ("{} caduca en 12/27", "[CREDIT_CARD] caduca en [CARD_EXPIRY]"),
    ],
)
def test_what_stands_beside_a_card_goes_with_it(text: str, masked: str) -> None:
    assert mask(text.format(CARD)).text == masked


@pytest.mark.parametrize("text", ["My CVV is {}", "cvc2: {}", "Kartenprüfnummer {}.", "卡背面三位数是{}"])
def test_a_code_that_no_other_number_is_called_needs_no_card(text: str) -> None:
    assert mask(text.format("123")).text == text.format("[CARD_CODE]")


@pytest.mark.parametrize(
    "text",
    [
        "The security code 4567 of the door expires 12/27.",
        "[CREDIT_CARD] was charged on 12/27 for 123 items",
        "[CREDIT_CARD] 1227 items sold",
        "[CREDIT_CARD], Dec 2027 was too late",
    ],
)
def test_other_codes_and_dates_stay(text: str) -> None:
    assert mask(text).text == text
    assert mask(text.replace("[CREDIT_CARD]", CARD)).text == text
