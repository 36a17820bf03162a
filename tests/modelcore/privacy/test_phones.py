"""Telephone numbers as people run them together with words and extensions, and what only looks alike."""

import pytest

from modelcore.privacy import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Tel.13812345678", "Tel.[PHONE_NUMBER]"),
        ("Ph.9876543210, thanks", "Ph.[PHONE_NUMBER], thanks"),
        ("tel-13812345678", "tel-[PHONE_NUMBER]"),
        ("我的tel13812345678谢谢", "我的tel[PHONE_NUMBER]谢谢"),
        ("Fax.+49 171 1234567", "Fax.[PHONE_NUMBER]"),
        ("phone(415) 555-2671", "phone[PHONE_NUMBER]"),
    ],
)
def test_a_number_may_follow_its_word_without_a_blank(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "number",
    [
        "010-62345678-801",
        "0755-88888888-8001",
        "(021) 62345678-12",
        "+86-10-62345678-801",
        "+86-0755-88888888",
        "+86 0755 8888 8888",
    ],
)
def test_a_chinese_landline_is_found_whole(number: str) -> None:
    assert mask(f"请打{number}，谢谢").text == "请打[PHONE_NUMBER]，谢谢"


@pytest.mark.parametrize(
    "text",
    [
        "order-13812345678",
        "order13812345678",
        "hotel13812345678",
        "PH-1234567 and TEL1234567 are articles",
        "订单号010-62345678-801",
        "100-62345678-801",
        "2024-62345678-8001",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert mask(text).text == text
