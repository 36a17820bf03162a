"""Accounts and cards that a line's end or a sign parts."""

import pytest

from modelcore.privacy import mask


@pytest.mark.parametrize("iban", ["DE89 3704 0044\n0532 0130 00", "DE89 3704 0044\n  0532 0130 00"])
def test_an_account_may_go_on_in_the_next_line(iban: str) -> None:
    assert mask(f"to {iban}\nThanks").text == "to [IBAN_CODE]\nThanks"


def test_an_account_may_be_glued_to_its_name() -> None:
    assert mask("IBANDE89370400440532013000").text == "IBAN[IBAN_CODE]"
    assert mask("it isDE89370400440532013000").text == "it is[IBAN_CODE]"


@pytest.mark.parametrize("iban", ["DE8 937 040 044 053 201 300 0", "DE89/3704/0044/0532/0130/00"])
def test_an_account_may_have_other_groups(iban: str) -> None:
    assert mask(f"to {iban}, please").text == "to [IBAN_CODE], please"


@pytest.mark.parametrize(
    "iban", ["IR580540105180021273113007", "IR58 0540 1051 8002 1273 1130 07", "GB78QOTB1668940366315"]
)
def test_an_account_may_be_of_a_country_that_the_registry_lacks_or_as_long_as_none_there(iban: str) -> None:
    assert mask(f"to {iban} please").text == "to [IBAN_CODE] please"


@pytest.mark.parametrize(
    "code", ["IR580540105180021273113008", "ZZ750540105180021273113007", "ir580540105180021273113007"]
)
def test_a_code_that_fails_the_check_or_names_no_country_is_no_account(code: str) -> None:
    assert mask(f"to {code} please").text == f"to {code} please"


@pytest.mark.parametrize("text", ["card {} is declined", "it is {} today"])
def test_a_card_may_be_of_a_scheme_that_begins_as_it_likes(text: str) -> None:
    assert mask(text.format("9316-9277-4614-4132")).text == text.format("[CREDIT_CARD]")


@pytest.mark.parametrize(
    "text", ["order 9316-9277-4614-4132", "it is 9316927746144132", "9316 9277 4614 4132 0001"]
)
def test_digits_of_no_known_scheme_need_more_to_be_a_card(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    "card",
    [
        "3437\n460297 58418",
        "4802 823 769 588",
        "5067-5486-3368-3450",
        "4111_1111_1111_1111",
        "4111·1111·1111·1111",
        "4111, 1111, 1111, 1111",
    ],
)
def test_a_card_may_have_other_groups(card: str) -> None:
    assert mask(f"cc: {card}").text == "cc: [CREDIT_CARD]"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("my card number is 4111 1111 1111 1112", "my card number is [CREDIT_CARD]"),
        ("银行卡号6222021234567890123", "银行卡号[CREDIT_CARD]"),
        ("Meine Kreditkarte 5500-0000-0000-0005", "Meine Kreditkarte [CREDIT_CARD]"),
        ("card number 4111111111111111 123", "card number [CREDIT_CARD] 123"),
        ("IBAN DE89 3704 0044 0532 0130 01", "IBAN [IBAN_CODE]"),
    ],
)
def test_what_is_called_a_card_or_an_account_may_be_mistyped(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "order 4111111111111112 paid by card",
        "parcel no 6211111111111111",
        "gift card 6006491234567890",
        "tracking DE1234567890123456789012",
    ],
)
def test_what_is_called_otherwise_and_fails_the_check_stays(text: str) -> None:
    assert mask(text).text == text


def test_two_numbers_with_other_signs_are_no_card() -> None:
    assert mask("(02) 2581-2757 2200.9736.2417.7590").text == "[PHONE_NUMBER] [CREDIT_CARD]"


def test_groups_of_a_tracking_number_are_no_card() -> None:
    assert mask("DHL 9400 1594 3856 6161 6177 47").text == "DHL 9400 1594 3856 6161 6177 47"


@pytest.mark.parametrize("card", ["2204\n9037 9606 1534", "457632-2710296893654"])
def test_the_groups_of_a_card_are_no_national_id(card: str) -> None:
    assert mask(f"is {card} saved?").text == "is [CREDIT_CARD] saved?"


@pytest.mark.parametrize("text", ["1Z2536640368015469 (UPS)", "of 4111, 1111, 1111, 1111 people"])
def test_digits_that_only_pass_the_check_are_no_card(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("银行账号 6222021234567890", "银行账号 [BANK_ACCOUNT]"),
        ("开户行：招商银行，账号：755912345610806", "开户行：招商银行，账号：[BANK_ACCOUNT]"),
        ("Kontonummer 1234567 BLZ 10020030", "Kontonummer [BANK_ACCOUNT] BLZ 10020030"),
        ("my bank account is 4111 1111 1111 1111", "my bank account is [CREDIT_CARD]"),
        ("bank account DE89370400440532013000", "bank account [IBAN_CODE]"),
    ],
)
def test_an_account_without_a_form_of_its_own_is_found_by_its_name(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "my order 48213123 was paid from my bank account",
        "refund 120.00 to my bank account on 12.03.2025",
        "my account number is 100200300",
    ],
)
def test_what_is_paid_from_an_account_is_none(text: str) -> None:
    assert mask(text).text == text
