"""Masking by rules: what is found, what stays, and that a second time changes nothing."""

import re
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelcore.data import Span
from modelcore.privacy import mask
from modelcore.serving.prediction import Prediction


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("My card 4111 1111 1111 1111, exp 12/27.", "My card [CREDIT_CARD], exp [CARD_EXPIRY]."),
        ("card 3782-822463-10005 declined", "card [CREDIT_CARD] declined"),
        ("Pay to DE89 3704 0044 0532 0130 00 please", "Pay to [IBAN_CODE] please"),
        ("gb82west12345698765432", "[IBAN_CODE]"),
        ("Write to 'jo.o+x@mail.example.co.uk'.", "Write to '[EMAIL_ADDRESS]'."),
        ("我的邮箱是zhang@qq.com请回复", "我的邮箱是[EMAIL_ADDRESS]请回复"),
        ("jane [at] example [dot] com", "[EMAIL_ADDRESS]"),
        ("Call me at (415) 555-2671!", "Call me at [PHONE_NUMBER]!"),
        ("电话13812345678，谢谢", "电话[PHONE_NUMBER]，谢谢"),
        ("from 192.168.0.17 and fe80::1ff:fe23:4567:890a", "from [IP_ADDRESS] and [IP_ADDRESS]"),
        ("ssn 536-90-4399", "ssn [US_SSN]"),
        ("身份证号11010519491231002X。", "身份证号[CN_RESIDENT_ID]。"),
        ("Send it to 221B Baker Street, please", "Send it to [STREET_ADDRESS], please"),
        ("ship to 12 main street, apt 4 please", "ship to [STREET_ADDRESS] please"),
        ("My NI number is WE123456B", "My NI number is [UK_NINO]"),
        ("我住在北京市朝阳区建国路88号3号楼502室。", "我住在[STREET_ADDRESS]。"),
        ("Where is my parcel? 7763633743", "Where is my parcel? [UK_NHS]"),
        ("You said: My new one is 36438513640722", "You said: My new one is [CREDIT_CARD]"),
        ("see https://x.example/reset?token=abc123def now", "see [URL] now"),
    ],
)
def test_personal_data_gives_way_to_its_label(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "My order 4155552671 has not come.",
        "Order 2024-11-02 cost $1,234.56 and weighs 12.5 kg.",
        "4111 1111 1111 1112 fails its check digit",
        "订单号13812345678901还没到",
        "My order WE123456B has not come.",
        "I saw 2 on the drive and 3 on main street.",
        "See pages 120-135 of ISBN 978-3-16-148410-0, 2019-2024.",
        "After the update to 12.0.246.120 the app 10.1.22.3 crashes",
        "Firmware version 1.2.3.4 of https://shop.example/orders/4155552671",
        "We updated to 0.9.0.4 and 2.5.1.0",
        "The meeting is at 12:30:45 on 03.04.2024.",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text).text == text


def test_spans_are_in_characters_of_the_original() -> None:
    text = "卡号４１１１\u200b１１１１ １１１１\u00a0１１１１\0 ok"

    masked = mask(text)

    assert masked.spans == (Span(2, 21, "CREDIT_CARD"),)
    assert masked.text == "卡号[CREDIT_CARD]\0 ok"


_NUMBERS = ["4111111111111111", "+49 171 1234567", "415 555 2671", "555-1234", "536-90-4399", "9434765919"]
_OTHERS = ["a@b.com", "order ", "call ", " ", "1.2.3.4", "number ", "12", "(", "x", "电话", "[PHONE_NUMBER]"]
_PIECES = st.sampled_from([*_NUMBERS, *_OTHERS])


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=80))
def test_masked_text_stays_as_it_is(text: str) -> None:
    once = mask(text)

    assert mask(once.text) == type(once)(once.text, ())
    assert all(0 <= span.start < span.end <= len(text) for span in once.spans)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "12 ",
        "1-",
        "a@",
        "a.",
        "GB82 ",
        "路1号",
        "http://",
        "1:",
        "Van 1, ",
        "路A1",
        "1/F, A",
        "cvc is ",
        "wxa1-",
        "wx a1b2c3.",
        "bank account 12345678 ",
    ],
)
def test_a_text_of_four_times_the_length_takes_about_four_times_the_time(piece: str) -> None:
    mask(piece * 100)  # imports and tables

    once, four_times = (_seconds(piece * (count // len(piece))) for count in (5_000, 20_000))

    # Sixteen times as long if each part were compared with all others.
    assert four_times < 8 * once + 0.05


def _seconds(text: str) -> float:
    """Of this thread on a processor, the least of three: others of the process may work meanwhile."""
    times = []
    for _ in range(3):
        started = time.thread_time()
        mask(text)
        times.append(time.thread_time() - started)
    return min(times)


class _Names:
    """Finds one name and a part of an address, as a tagger may."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [Prediction("", 1.0, (), tuple(self._spans(text))) for text in texts]

    def _spans(self, text: str) -> Iterator[Span]:
        for match in re.finditer("Ada Lovelace|mail ada@example.org", text):
            yield Span(match.start(), match.end(), "PERSON")


def test_names_come_from_a_tagger_and_rules_win_where_both_found_something() -> None:
    masked = mask("Ada Lovelace, mail ada@example.org", tagger=_Names())

    assert masked.text == "[PERSON], [PERSON] [EMAIL_ADDRESS]"


def test_a_tagger_reads_all_of_a_long_text() -> None:
    text = "This is a sentence of some length. " * 100 + "Ada Lovelace"

    assert mask(text, tagger=_Names()).spans == (Span(len(text) - 12, len(text), "PERSON"),)


def test_what_a_mask_put_there_is_no_name() -> None:
    class Everything(_Names):
        def _spans(self, text: str) -> Iterator[Span]:
            yield Span(0, len(text), "PERSON")

    assert mask("[PHONE_NUMBER]", tagger=Everything()).text == "[PHONE_NUMBER]"
