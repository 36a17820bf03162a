"""Telephone numbers by the forms in which people write them, and by what the words beside them say."""

import re
from collections.abc import Iterator

from modelcore.data import Span
from modelcore.privacy.hints import CLOSE, HIDDEN, NEAR, leaning, words
from modelcore.privacy.phone_forms import Form, form_of

_JOIN = r"[ \t]?[-./]{0,2}[ \t]?"
_EXTENSION = r"(?:[ ,]{0,2}(?:x|ext\.?|extension|int\.?|durchwahl|poste|分机|转|доб\.?)[ .:]{0,2}\d{1,6})"
_CANDIDATE = re.compile(
    r"(?<![0-9A-Za-z_])(?<![A-Za-z0-9][-_/.])(?<!\d[,.:])(?<![$€£¥#])"
    rf"\(?\+?\(?\+?\d{{1,15}}\)?(?:{_JOIN}\(?\d{{1,12}}\)?){{0,9}}{_EXTENSION}?",
    re.IGNORECASE,
)
_GROUP_START = re.compile(r"(?:\A|(?<=[ \t]))[(+]{0,2}\d")
_GROUP_END = re.compile(r"\)?(?=[ \t])|\Z")
_GOES_ON = re.compile(r"[0-9A-Za-z_%€$£°]|-[A-Za-z0-9]|[,.:/]\d", re.ASCII)


def find_phones(text: str) -> Iterator[Span]:
    """Find telephone numbers.

    Args:
        text: folded.

    Yields:
        Spans PHONE_NUMBER, in order and apart.
    """
    last = place = 0
    while match := _CANDIDATE.search(text, place):
        found = _within(text, match.start(), match.end(), last)
        if found:
            yield found
            last = found.end
        place = found.end if found else match.end()


def _within(text: str, start: int, end: int, last: int) -> Span | None:
    """The first number in a row of groups of digits: from each blank on, as far as a blank that gives one."""
    row = text[start:end]
    for first in (match.start() for match in _GROUP_START.finditer(row)):
        ends = [match.end() for match in _GROUP_END.finditer(row, first + 1)]
        for place in reversed(ends):
            if _is_phone(text, start + first, start + place, last):
                return Span(start + first, start + place, "PHONE_NUMBER")
    return None


def _is_phone(text: str, start: int, end: int, last: int) -> bool:
    if _GOES_ON.match(text, end):
        return False
    form = form_of(text[start:end])
    if form in (Form.NONE, Form.SURE):
        return form is Form.SURE
    # What was found before is out of sight, as it is in a text that was masked.
    seen = HIDDEN + text[max(last, start - NEAR) : end + NEAR]
    offset = 1 + start - max(last, start - NEAR)
    lean = leaning(
        seen,
        offset,
        offset + end - start,
        to=words("phone_words"),
        away=words("other_numbers"),
        within=CLOSE if form is Form.GROUPED else NEAR,
    )
    return lean > 0 if form is Form.WEAK else lean >= 0
