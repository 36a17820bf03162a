"""Payment cards: the issuer's first digits, its lengths and the Luhn check digit."""

import re
from collections.abc import Iterator

from stdnum import luhn

from modelcore.data import Span
from modelcore.privacy.borders import AFTER_NO_PLUS, BEGINS
from modelcore.privacy.card_details import details_beside
from modelcore.privacy.hints import CLOSE, leaning, words

_START = re.compile(rf"(?<!\d){AFTER_NO_PLUS}(?<!\d[A-Za-z]){BEGINS}\d+")
_RUN = re.compile(r"\d(?:[ \t\-./_·•,]{0,3}\d){11,18}")
_WRAPPED = re.compile(r"(?=[\d \t-]{4,24}\n)\d{4,6}(?:[ \t\-]{0,2}\n?[ \t]{0,4}\d{1,13}){1,4}(?!\d)")
# Source: ISO/IEC 7812 issuer ranges as the card networks publish them.
_ISSUERS: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = tuple(
    (re.compile(prefix), frozenset(lengths))
    for prefix, lengths in (
        (r"4", (13, 16, 19)),  # Visa
        (r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)", (16,)),  # Mastercard
        (r"3[47]", (15,)),  # American Express
        (r"30[0-5]|3095|3[689]", (14, 16)),  # Diners Club
        (r"6011|64[4-9]|65", (16, 17, 18, 19)),  # Discover
        (r"35", (16, 17, 18, 19)),  # JCB
        (r"2131|1800", (15,)),  # JCB, the older form
        (r"62|81", (16, 17, 18, 19)),  # UnionPay
        (r"220[0-4]", (16, 17, 18, 19)),  # Mir
        (r"5018|5020|5038|5[678]|6304|6390|67|0604", tuple(range(12, 20))),  # Maestro
        (r"506[67]|509|6277|6363", (16,)),  # Elo
        (r"60|6521|81|82|508|353|356", (16,)),  # RuPay
        (r"9792", (16,)),  # Troy
        (r"636", (16,)),  # InterPayment
    )
)
_USUAL_LENGTH = 16  # of national schemes too, which begin as they like
_USUAL_GROUPS = [4, 4, 4, 4]
_WRITTEN_AS_USUAL = re.compile(r"\d{15,19}|\d{4}([ -])(?:\d{4}\1\d{4}\1\d{4}|\d{6}\1\d{5})")
_GOES_ON = re.compile(r"[ \-./]\d")
_LONGER = re.compile(r"\d{4}[ -]\Z")  # groups like its own before it: a part of a tracking number
_COUNTRY_CODE = re.compile(r"\+\d{1,3}[ -]\Z")  # of a telephone number
_SURE_LENGTH = 15  # from here on the check digit, the issuer and the length say enough by themselves


def find_cards(text: str) -> Iterator[Span]:
    """Find card numbers, in one piece or in groups, and the month and the code beside them.

    Args:
        text: folded.

    Yields:
        Spans CREDIT_CARD, in order and apart, each followed by its CARD_EXPIRY and CARD_CODE.
    """
    end = 0
    for match in _START.finditer(text):
        if match.start() < end:
            continue
        found = _card_at(text, match.start(), end)
        if found:
            end = found
            yield Span(match.start(), found, "CREDIT_CARD")
            yield from details_beside(text, match.start(), found)


def has_issuer(number: str) -> bool:
    """Whether an issuer gives out cards that begin like this and are as long; digits only."""
    return len(number) in _lengths(number)


def _lengths(number: str) -> frozenset[int]:
    """How long cards are that begin like this."""
    return frozenset().union(*(lengths for prefix, lengths in _ISSUERS if prefix.match(number)))


def _card_at(text: str, start: int, last: int) -> int:
    """Where the card that begins at `start` ends; 0 if none does. The one before it ended at `last`."""
    parts = [part for pattern in (_RUN, _WRAPPED) for part in _long_enough(text, start, pattern)]
    right = (
        end for end, number in parts if luhn.is_valid(number) and _is_card(text, start, end, number, last)
    )
    mistyped = (end for end, number in parts if _is_called_card(text, start, end, number))
    return next(right, 0) or next(mistyped, 0)


def _long_enough(text: str, start: int, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The ends and the digits of what begins at `start` and has as many digits as cards that begin so."""
    run = pattern.match(text, start)
    if not run:
        return
    ends = [place + 1 for place in range(start, run.end()) if text[place].isdecimal()]
    number = "".join(text[end - 1] for end in ends)
    for length in sorted(_lengths(number) | {_USUAL_LENGTH}, reverse=True):
        end = ends[length - 1] if length <= len(ends) else 0
        if end and not text[end : end + 1].isdecimal():
            yield end, number[:length]


def _is_card(text: str, start: int, end: int, number: str, last: int) -> bool:
    sizes = [len(group) for group in re.findall(r"\d+", text[start:end])]
    if len(set(_signs(text[start:end]))) > 1:  # two numbers side by side
        return False
    lean = _lean_to(text, start, end, "card_words")
    if lean > 0:
        return True
    if (
        "," in text[start:end]
        or not _is_evenly_grouped(sizes)
        or (len(sizes) > 1 and _LONGER.search(text[max(last, start - 5) : start]))
    ):
        return False
    is_abroad = _COUNTRY_CODE.search(text[max(0, start - 5) : start])
    if not has_issuer(number):
        is_grouped_as_usual = sizes == _USUAL_GROUPS and not _GOES_ON.match(text, end)
        return is_grouped_as_usual and lean == 0 and not is_abroad
    return len(number) >= _SURE_LENGTH or (lean == 0 and not is_abroad)


def _is_called_card(text: str, start: int, end: int, number: str) -> bool:
    """Whether the words say so of a number that is written as cards are: people mistype."""
    if not _WRITTEN_AS_USUAL.fullmatch(text, start, end) or not has_issuer(number):
        return False
    return _lean_to(text, start, end, "card_names") > 0


def _lean_to(text: str, start: int, end: int, names: str) -> int:
    """Whether the words beside a number speak of cards, in these names for one, or of other numbers."""
    away = words("other_numbers", "any_ids", "phone_names", "phone_words")
    return leaning(text, start, end, to=words(names), away=away, within=CLOSE)


def _signs(written: str) -> list[str]:
    """What stands between the groups of a number, whatever blanks are around it."""
    return [sign.strip() for sign in re.findall(r"\D+", written)]


def _is_evenly_grouped(sizes: list[int]) -> bool:
    return (
        sizes in ([4, 6, 5], [4, 6, 4], [4, 5, 6], [4, 3, 3, 3], [6, 13])
        or (
            sizes[0] != 2  # as of French telephone numbers in a row
            and all(size == sizes[0] for size in sizes[:-1])
            and sizes[-1] <= sizes[0]
        )
    )
