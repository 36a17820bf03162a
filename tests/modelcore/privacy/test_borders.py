"""Values beside digits, signs and other values, and what these make a part of something longer."""

from collections.abc import Iterator

import pytest

from modelcore.data import Span
from modelcore.privacy import mask, masking

VALUES = (
    ("13812345678", "PHONE_NUMBER"),
    ("415-555-0123", "PHONE_NUMBER"),
    ("+14155550123", "PHONE_NUMBER"),
    ("06 12 34 56 78", "PHONE_NUMBER"),
    ("110101199003074477", "CN_RESIDENT_ID"),
    ("536-90-4399", "US_SSN"),
    ("4111111111111111", "CREDIT_CARD"),
    ("192.168.0.17", "IP_ADDRESS"),
)


@pytest.mark.parametrize(("value", "label"), VALUES)
@pytest.mark.parametrize(
    "text",
    [
        "Bob,{},28",
        "17,{},99.00",
        "数量2，{}，3天了",
        "{}：3天",
        "1：{}",
        "{},3 days ago",
        "{}/{}",
        "{} {}",
        "{},{}",
        "张三，{}，{}",
        "{}、{}",
        "{};{}",
    ],
)
def test_a_value_is_found_whatever_stands_beside_it(text: str, value: str, label: str) -> None:
    assert mask(text.replace("{}", value)).text == text.replace("{}", f"[{label}]")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("张三,13812345678,110101199003074477", "张三,[PHONE_NUMBER],[CN_RESIDENT_ID]"),
        ("张三-13812345678-110101199003074477", "张三-[PHONE_NUMBER]-[CN_RESIDENT_ID]"),
        ("张三+13812345678+110101199003074477", "张三[PHONE_NUMBER]+[CN_RESIDENT_ID]"),
        ("电话:010-62345678/13812345678", "电话:[PHONE_NUMBER]/[PHONE_NUMBER]"),
        ("电话62345678，24小时", "电话[PHONE_NUMBER]，24小时"),
        ("13812345678——3天没回", "[PHONE_NUMBER]——3天没回"),
        ("①13812345678②13912345678", "①[PHONE_NUMBER]②[PHONE_NUMBER]"),
        ("①4111 1111 1111 1111②jo@example.com", "①[CREDIT_CARD]②[EMAIL_ADDRESS]"),
        ("a=DE89 3704 0044 0532 0130 00&b=jo@example.com", "a=[IBAN_CODE]&b=[EMAIL_ADDRESS]"),
        ("0,150539-3269,4", "0,[FI_HETU],4"),
        ("王芳_3581 3622 1682 5088_上海", "王芳_[CREDIT_CARD]_上海"),
        ("n=0171/7534063&next=jo@example.com", "n=[PHONE_NUMBER]&next=[EMAIL_ADDRESS]"),
        ("Llámame al 612345678/912345678", "Llámame al [PHONE_NUMBER]/[PHONE_NUMBER]"),
        ("Ph: 61239876, 61239877 or 61239878", "Ph: [PHONE_NUMBER], [PHONE_NUMBER] or [PHONE_NUMBER]"),
        ("+1 415 555 0123/4", "[PHONE_NUMBER]/4"),
        ("(415) 555-0123 (415) 555-0124", "[PHONE_NUMBER] [PHONE_NUMBER]"),
        ("00 44 20 7946 0958", "[PHONE_NUMBER]"),
        ("011 44 20 7946 0958", "[PHONE_NUMBER]"),
        ("2024-01-05 10:30:22 13812345678 买家", "2024-01-05 10:30:22 [PHONE_NUMBER] 买家"),
        ("13812345678 2024-01-05", "[PHONE_NUMBER] 2024-01-05"),
        ("0612345678 75001 Paris", "[PHONE_NUMBER] 75001 Paris"),
        ("Berlin 10115 0151 23456789", "Berlin 10115 [PHONE_NUMBER]"),
        ("7\t+49 (0)30 948065\t020 7129 1866", "7\t[PHONE_NUMBER]\t[PHONE_NUMBER]"),
        ("1) 7068 5338 2211 2) B268013109", "1) [IN_AADHAAR] 2) [TW_ID]"),
        ("0,511002194907225323,34", "0,[CN_RESIDENT_ID],34"),
        ("(415) 555-0123|28|jo@example.com", "[PHONE_NUMBER]|28|[EMAIL_ADDRESS]"),
    ],
)
def test_neighbours_are_told_apart(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("phone,order\n4155550123,99887766", "phone,order\n[PHONE_NUMBER],99887766"),
        ("order;phone\n99887766;4155550123", "order;phone\n99887766;[PHONE_NUMBER]"),
        ("name\tphone\nBob\t61239876", "name\tphone\nBob\t[PHONE_NUMBER]"),
    ],
)
def test_the_header_of_a_table_names_its_columns(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "Umsatz 12345678,50 und 1 234 567,50",
        "phone bill 1,234,567.89",
        "ratio 0,12345678901 or 0.4111111111111111",
        "1，234，567元",
        "10,000 12 345",
        "10,000 2024-01-05",
        "SKU 1234567,2234567,3234567",
        "order,sku,price\n99887766,1234567890,12.50",
        "invoice 2024/00012345, 05/12/2024,06/12/2024",
        "https://shop.example/orders/2024/4155550123",
        "order_13812345678 of 2024-01-05 10:30",
        "1732876800.123456789",
        "00340434161094042557, 00340434161094042558",
        "1.41421356237 or 0.13812345678",
        "404-1234567-1234567,404-1234567-1234568",
        "52.520008,13.404954 and -0,12345678,0,23456789",
    ],
)
def test_what_a_sign_makes_a_part_of_something_longer_stays(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize("value", ["13812345678,", "4111111111111111,", "536-90-4399 ", "(415) 555-0123/"])
def test_values_in_a_row_are_found_at_one_look(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _characters_read(value * 200, monkeypatch) == 2 * 200 * len(value)


def test_values_that_wait_for_one_another_take_time_in_step_with_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few, many = (_characters_read("4111111111111111." * count, monkeypatch) for count in (100, 400))

    assert few < many < 5 * few


def _characters_read(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many characters a detector was given to read."""
    read = []

    def count(part: str) -> Iterator[Span]:
        read.append(len(part))
        return iter(())

    with monkeypatch.context() as patch:
        patch.setattr(masking, "_DETECTORS", (count, *masking._DETECTORS))
        mask(text)
    return sum(read)
