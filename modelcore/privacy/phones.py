"""Telephone numbers by the forms in which people write them, and by what the words beside them say."""

import re
from collections.abc import Iterator

from modelcore.data import Span
from modelcore.privacy.borders import (
    BEGINS,
    GOES_ON,
    PARTS,
    has_group_after,
    has_group_before,
    is_amount,
)
from modelcore.privacy.hints import CLOSE, HIDDEN, NEAR, SaidWords
from modelcore.privacy.naming import REACH, Said, phone_speech, what_is_said
from modelcore.privacy.phone_forms import Form, form_of

_JOIN = r"(?: ?[-/] ?|[./·•-]{1,2}| {1,2})?"
_EXTENSION = (
    r"(?:[ ,，]{0,2}(?:#|x|ext\.?|extension|int\.?|durchwahl|poste|分[机機]|转|轉|[內内][線线]|доб\.?)"
    r"[ .:]{0,2}\d{1,6})"
)
_ROW = rf"\(?\+?\(?\+?\d{{1,15}}(?P<first>)\)?(?:{_JOIN}\(?\d{{1,12}}\)?){{0,12}}{_EXTENSION}?"
_CANDIDATE = re.compile(
    rf"(?=[(+\d])(?:(?<![0-9A-Za-z])(?<![A-Za-z0-9_][-_/.]){BEGINS}(?<![$€£¥])(?<![$€£¥] )"
    rf"|(?<=\d{{9}}[-_])(?=\d{{9}})|(?<=[A-Za-z])|(?<=[A-Za-z][-._]))({_ROW})",
    re.IGNORECASE,
)
# Right after a number that was found: 010-62345678/13812345678.
_ANOTHER = re.compile(rf"{PARTS}({_ROW})", re.IGNORECASE)
_GROUP_START = re.compile(r"(?:\A|(?<=[ (]))(?=[(+]{0,2}\d)")
_GROUP_END = re.compile(rf"(?<=\d)\)?(?= |{PARTS})|\Z")
_WRAPPED = re.compile(r"\([^()]*(?:\(\d*\)[^()]*)?\)\Z")  # in brackets as a whole
_AREA_AT_END = re.compile(r"\d[ /-]?\(\d+\)\Z")  # of the next number: (415) 555-0123 (415) 555-0124
_SECOND = re.compile(r" / [\d(+]")
_SINGLE = re.compile(r"(?<!\d)\d(?!\d)")
# Letters before a number make a name of it, such as that of an order, if they are not what phones are called:
# order-13812345678 and Mob.No.13812345678.
_LETTER_BEFORE = re.compile(r"[A-Za-z][-._]?\Z")
_COUNT_BEFORE = re.compile(r"[ .]*(?:(?<![^\W\d_])(?:no|nr|num|number|nummer))?[-._:]{0,2}\Z")
_INITIALS = re.compile(r"(?<![\w.])(?:[mpt]|port)\.\Z")
_GLUED = re.compile(r"[A-Za-z]-?\Z")
# What turns a number away that is not doubtful.
_TOO_LITTLE = {Form.LIKELY: Said.OTHER_NEAR, Form.MOBILE: Said.OTHER}
_SHORTEST = 7  # characters
_LONGEST_NAME = 24  # characters, and what counts it
_GOES_ON = re.compile(
    rf"[0-9A-Za-z%€$£°元块塊万萬亿億円원]|_[A-Za-z]|_\d(?!\d{{8}})|{GOES_ON}|-X(?!\w)", re.ASCII
)

_ALSO = re.compile(
    r" ?[,，、;/&+] ?| (?:and|or|und|oder|et|ou|y|o|e|of|en|i|и|или) | ?[或和] ?", re.IGNORECASE
)

# As cards and signatures have it: 555-1234-Office, 555-1234 (mobile), and at the end of a line 555-1234 home.
_ROLES = r"(?:office|home|work|mobile|cell|fax|direct|main|desk)"
_ROLE = re.compile(rf" ?[-(,/] ?{_ROLES}(?![^\W\d_])| {_ROLES}(?= ?(?:[\n,;)]|\Z))", re.IGNORECASE)


def find_phones(text: str) -> Iterator[Span]:
    """Find telephone numbers.

    Args:
        text: folded, with HIDDEN in place of what was found.

    Yields:
        Spans PHONE_NUMBER, in order and apart.
    """
    last, place = Span(0, 0, "PHONE_NUMBER"), 0
    while match := _next_row(text, place, last):
        start = match.start(1)
        if _is_named_otherwise(text, start):
            place = match.end("first")
            continue
        found = _within(text, start, match.end(), last)
        if found:
            yield found
            last = found
        place = found.end if found else match.end()


def _next_row(text: str, place: int, last: Span) -> re.Match[str] | None:
    """The next groups of digits from `place` on; `last` is the number that was found before them."""
    another = _ANOTHER.match(text, place) if 0 < place == last.end else None
    return another or _CANDIDATE.search(text, place)


def _is_named_otherwise(text: str, start: int) -> bool:
    """Whether letters run into the number that are not what telephones are called."""
    before = text[max(0, start - _LONGEST_NAME) : start].lower()
    if not _LETTER_BEFORE.search(before):
        return False
    name = _COUNT_BEFORE.sub("", before)
    return phone_speech().hints.after_end(name) >= 1 and not _INITIALS.search(before)


def _within(text: str, start: int, end: int, last: Span) -> Span | None:
    """The first number in a row of groups of digits: from each blank on, as far as a blank that gives one."""
    row = text[start:end]
    starts = [match.start() for match in _GROUP_START.finditer(row)]
    if len(_SINGLE.findall(row)) > 2:  # 4 1 5 5 5 5 …: one number or none
        starts = starts[:1]
    ends = [match.end() for match in _GROUP_END.finditer(row)][::-1]
    # A slash with blanks parts two numbers, if the first is one.
    ends = [place for place in ends if _SECOND.match(row, place)][::-1] + ends
    for first in starts:
        for place in ends:
            if place - first < _SHORTEST or _AREA_AT_END.search(row, first, place):
                continue
            if row[place - 1] == ")" and row.count("(", first, place) < row.count(")", first, place):
                place -= 1
            if _is_phone(text, start + first, start + place, last):
                around = 1 if _WRAPPED.match(row[first:place]) else 0
                return Span(start + first + around, start + place - around, "PHONE_NUMBER")
    return None


def _is_phone(text: str, start: int, end: int, last: Span) -> bool:
    if _GOES_ON.match(text, end):
        return False
    form = form_of(text[start:end])
    if form < Form.GROUPED and is_amount(text, start, end):
        return False
    # Groups before it make it a part of something longer, such as a tracking number; these signs begin anew.
    is_inside = text[start] not in "+(" and has_group_before(text, start, end, last.end)
    if form is Form.NONE or (form is Form.SURE and not is_inside):
        return form is Form.SURE
    if form is Form.WEAK and _GLUED.search(text[max(0, start - 2) : start]):
        return False  # PH-1234567 is an article
    if _ROLE.match(text, end):
        return True
    is_cut = form < Form.GROUPED and has_group_after(text, start, end)
    is_doubtful = form is Form.WEAK or text[start - 1 : start] == "#" or is_inside or is_cut
    # What was found before is out of sight, as it is in a text that was masked.
    first = max(last.end, start - REACH - 1)
    seen = HIDDEN + text[first : end + NEAR]
    is_listed = is_doubtful and _is_also(text, start, end, last)
    if is_doubtful and not is_listed and not phone_speech().hints.may_be_among(SaidWords(seen)):
        return False  # told at a tenth of the time that looking where they stand takes
    offset = 1 + start - first
    within = CLOSE if form is Form.GROUPED else NEAR
    said = what_is_said(seen, offset, offset + end - start, phone_speech(), within=within)
    if is_doubtful:
        return said is Said.OWN or (is_listed and said is Said.NOTHING)
    return said > _TOO_LITTLE.get(form, Said.OTHER_BESIDE)


def _is_also(text: str, start: int, end: int, last: Span) -> bool:
    """Whether a number stands in a list after one that was found, and has as many digits."""
    counts = [
        sum(map(str.isdecimal, text[one:other])) for one, other in ((start, end), (last.start, last.end))
    ]
    return counts[0] == counts[1] and bool(_ALSO.fullmatch(text, last.end, start))
