"""Addresses of mail in the ways that people write them."""

import re

import pytest

from modelcore.privacy import mask


@pytest.mark.parametrize(
    "address",
    [
        '"kim lars"@mail.example.org',
        "kim&tom@mail.example.org",
        "peter#1@mail.example.org",
        "nina @ example.com",
        "tom AT example DOT com",
        "jane @example.com",
        "jane@ example.com",
        "jane@example。com",
        "用户@邮箱.com",
        "jane@예시.한국",
        "jane@예시.xn--3e0b707e",
        "ja$ne!x@example.com",
        "tom at post punkt example punkt de",
        "kim[dot]lars[at]example[dot]org",
    ],
)
def test_an_address_is_found_whole(address: str) -> None:
    assert mask(f"bitte an {address} senden").text == "bitte an [EMAIL_ADDRESS] senden"


def test_a_sign_before_an_address_is_no_part_of_it() -> None:
    assert mask("reach me via @ müller.kim@example.org").text == "reach me via @ [EMAIL_ADDRESS]"


@pytest.mark.parametrize(
    "text",
    [
        "jane at example dot com",
        "my mail is jane at example dot com",
        "please write it to jane at example dot com today",
        "Kontakt: jane at example dot com",
        "I am jane.doe at example dot com",
        "reach me on jane at example dot com",
        "it went to jane dot doe at example dot com",
        "try jane at gmail dot com",
        "contact jane at example dot co dot uk",
        "she is jane42 at mail dot example dot com",
    ],
)
def test_an_address_in_words_says_that_it_is_one(text: str) -> None:
    assert re.search(r"\[EMAIL_ADDRESS\]( today)?\Z", mask(text).text)


@pytest.mark.parametrize(
    "text",
    [
        "10 pcs @ 4.50 each",
        "Meet me at the polka dot dress shop",
        "I bought it at amazon dot com last week",
        "we looked at booking dot com",
        "I have an account at example dot com",
        "Bought at amazon dot com, never arrived",
        "The best price is found at amazon dot com",
        "Follow us @berth.shop",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert mask(text).text == text


def test_a_chinese_stop_after_an_address_is_no_dot() -> None:
    assert mask("sent to jane@example.com。Thanks").text == "sent to [EMAIL_ADDRESS]。Thanks"
