"""Payment cards: the issuer's first digits, its lengths and the Luhn check digit."""

import re
from collections.abc import Iterator

from stdnum import luhn

from modelcore.data import Span
from modelcore.privacy.hints import leaning, words

_START = re.compile(r"(?<!\d)(?<!\d[.,])\d+")
_RUN = re.compile(r"\d(?:[ \t\-./]{0,3}\d){11,18}(?!\d)")
_WRAPPED = re.compile(r"\d{4}(?:[ \t\-]{0,2}\n?[ \t]{0,4}\d{4}){3}(?!\d)")
# Source: ISO/IEC 7812 issuer ranges as the card networks publish them.
_ISSUERS: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = tuple(
    (re.compile(prefix), frozenset(lengths))
    for prefix, lengths in (
        (r"4", (13, 16, 19)),  # Visa
        (r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)", (16,)),  # Mastercard
        (r"3[47]", (15,)),  # American Express
        (r"30[0-5]|3095|3[689]", (14, 15, 16, 17, 18, 19)),  # Diners Club
        (r"6011|64[4-9]|65", (16, 17, 18, 19)),  # Discover
        (r"35", (16, 17, 18, 19)),  # JCB
        (r"2131|1800", (15,)),  # JCB, the older form
        (r"62|81", (16, 17, 18, 19)),  # UnionPay
        (r"220[0-4]", (16, 17, 18, 19)),  # Mir
        (r"5018|5020|5038|5[678]|6304|6390|67|0604", tuple(range(12, 20))),  # Maestro
        (r"60|6521|81|82|508|353|356", (16,)),  # RuPay
        (r"9792", (16,)),  # Troy
        (r"636", (16,)),  # InterPayment
    )
)
_SURE_LENGTH = 15  # from here on the check digit, the issuer and the length say enough by themselves


def find_cards(text: str) -> Iterator[Span]:
    """Find card numbers, in one piece or in groups.

    Args:
        text: folded.

    Yields:
        Spans CREDIT_CARD, in order and apart.
    """
    end = 0
    for match in _START.finditer(text):
        if match.start() < end:
            continue
        found = _card_at(text, match.start())
        if found:
            end = found
            yield Span(match.start(), found, "CREDIT_CARD")


def _card_at(text: str, start: int) -> int:
    """Where the card that begins at `start` ends; 0 if none does."""
    for pattern in (_RUN, _WRAPPED):
        match = pattern.match(text, start)
        while match:
            end = match.end()
            if _is_card(text, start, end):
                return end
            shorter = _without_last_group(text, start, end)
            match = pattern.fullmatch(text, start, shorter) if shorter else None
    return 0


def _without_last_group(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isdigit():
        end -= 1
    while end > start and not text[end - 1].isdigit():
        end -= 1
    return end


def _is_card(text: str, start: int, end: int) -> bool:
    groups = re.findall(r"\d+", text[start:end])
    number = "".join(groups)
    if not _has_issuer(number) or not luhn.is_valid(number):
        return False
    lean = leaning(text, start, end, to=words("card_words"), away=words("other_numbers", "phone_words"))
    if len(number) >= _SURE_LENGTH:
        return lean > 0 or _is_evenly_grouped([len(group) for group in groups])
    return lean >= 0 and _is_evenly_grouped([len(group) for group in groups])


def _has_issuer(number: str) -> bool:
    return any(len(number) in lengths and prefix.match(number) for prefix, lengths in _ISSUERS)


def _is_evenly_grouped(sizes: list[int]) -> bool:
    return sizes in ([4, 6, 5], [4, 6, 4], [4, 5, 6]) or (
        all(size == sizes[0] for size in sizes[:-1]) and sizes[-1] <= sizes[0]
    )
