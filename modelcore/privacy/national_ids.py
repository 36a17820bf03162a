"""Numbers that a state gives one person, by their form, their check digits and the date of birth inside."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from modelcore.data import Span
from modelcore.privacy.borders import AFTER_NO_PLUS, BEGINS, has_group_after, has_group_before
from modelcore.privacy.hints import SaidWords, Words, words
from modelcore.privacy.id_kinds import (
    SIGNS,
    IdKind,
    Needs,
    id_kinds,
    kinds_of_shape,
    kinds_without_signs,
    shape_of,
)
from modelcore.privacy.naming import Said, Speech, is_called, phone_speech, what_is_said

# Every id has five digits that stand near to one another, or four between letters; more letters and signs
# around them are within a margin.
_DIGITS = re.compile("9(?:[^9\n]{0,4}9){4,}|(?<=A{5})9{4}(?=A)")
_MARGIN = 12
_START = re.compile(rf"(?<![9A]){AFTER_NO_PLUS}[9AN]")
_END = re.compile(r"(?:(?<=[9A])|(?<=\([9A]\)))(?![9A])(?!\.9)")
_BEGINS = re.compile(BEGINS)
_LONGEST = 24  # characters
_GROUPED = re.compile(r"\d[ -]\d")
_JOINED_BEFORE = re.compile(r"(?<!\d{8})\d-\Z")
_GOES_ON = re.compile(r"[0-9A-Za-z]|-[0-9A-Fa-f]{4}-")  # the latter in a UUID
_COUNTRY_CODE = re.compile(r"\+\d{1,3}[ -]\Z")  # of a telephone number


def find_national_ids(text: str) -> Iterator[Span]:
    """Find the numbers of all kinds in id_kinds.toml.

    Args:
        text: folded.

    Yields:
        Spans with the label of the kind; those that overlap have the surest first: one that a word speaks
        for, else as in the file. What a kind's own word speaks for is `ID_NUMBER` if its check digits are
        wrong: people mistype.
    """
    shape = shape_of(text)
    regions = list(_DIGITS.finditer(shape))
    if not regions:
        return
    said_words = SaidWords(text)
    named = frozenset(kind.words for kind in id_kinds() if kind.words.may_be_among(said_words))
    for digits in regions:
        unsure, mistyped = [], []
        for _, start, end, kind in sorted(_fitting(text, shape, digits), key=_surest):
            is_right = _has_check(kind, text[start:end].upper())
            needs_word = not is_right or kind.needs in (Needs.WORD, Needs.WORD_ALONE)
            if needs_word and kind.words not in named:
                continue
            if kind.needs is Needs.WORD_ALONE and _has_group_beside(text, start, end):
                continue
            if not is_right:
                mistyped += _called(text, start, end, kind)
                continue
            said = _said(text, start, end, kind)
            if said is Said.OWN and kind.needs is not Needs.WORD_ALONE:
                yield Span(start, end, kind.label)
            elif (
                kind.needs is Needs.FORM
                or said is Said.OWN
                or (
                    kind.needs is Needs.NO_OTHER
                    and said > Said.OTHER_BESIDE
                    and not _is_phone(text, start, end)
                )
            ):
                unsure.append(Span(start, end, kind.label))
        yield from _otherwise_grouped(text, shape, digits, named)
        yield from unsure + mistyped


def _otherwise_grouped(
    text: str, shape: str, digits: re.Match[str], named: frozenset[Words]
) -> Iterator[Span]:
    """Ids in groups that are not usual, with right check digits and their own name beside them."""
    for start, end in _places(shape, digits) if named - {words("id_words")} else ():
        for _, kind in kinds_without_signs(shape[start:end]):
            bare = SIGNS.sub("", text[start:end]).upper()
            if (
                kind.words in named
                and kind.begins.match(bare)
                and kind.is_valid(bare)
                and not _is_cut(text, start, end)
                and is_called(text, start, end, _speech(kind))
            ):
                yield Span(start, end, kind.label)


def _surest(fitting: tuple[int, int, int, IdKind]) -> tuple[int, int, int]:
    rank, start, end, _ = fitting
    return rank, start, -end


def _fitting(text: str, shape: str, digits: re.Match[str]) -> Iterator[tuple[int, int, int, IdKind]]:
    """Rank, start, end and kind of what has the shape of an id around some digits."""
    for start, end in _places(shape, digits):
        kinds = kinds_of_shape(shape[start:end])
        if not kinds or _is_cut(text, start, end):
            continue
        number = text[start:end].upper()
        yield from ((rank, start, end, kind) for rank, kind in kinds if kind.begins.match(number))


def _places(shape: str, digits: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Where numbers around some digits may start and end."""
    first, last = max(0, digits.start() - _MARGIN), digits.end() + _MARGIN
    ends = [match.start() for match in _END.finditer(shape, first, last)]
    for match in _START.finditer(shape, first, last):
        start = match.start()
        for end in ends[bisect_right(ends, start) : bisect_right(ends, start + _LONGEST)]:
            yield start, end


def _said(text: str, start: int, end: int, kind: IdKind) -> Said:
    return what_is_said(text, start, end, _speech(kind))


def _called(text: str, start: int, end: int, kind: IdKind) -> list[Span]:
    """The number whose check digits are wrong, if a state's own name of it stands beside it."""
    if kind.needs is Needs.WORD_ALONE or _has_group_beside(text, start, end):
        return []
    return [Span(start, end, "ID_NUMBER")] if is_called(text, start, end, _speech(kind)) else []


def _speech(kind: IdKind) -> Speech:
    # "ID:" before a number with right check digits speaks for it, if at all.
    others = words("other_numbers", "phone_names", "phone_words", "card_words")
    return Speech(kind.words, kind.words, others)


def _is_phone(text: str, start: int, end: int) -> bool:
    return what_is_said(text, start, end, phone_speech()) is Said.OWN


def _is_cut(text: str, start: int, end: int) -> bool:
    """Whether the number goes on, as a card of four groups does after three."""
    before = text[max(0, start - 12) : start]
    if not _BEGINS.match(text, start) or _GOES_ON.match(text, end):
        return True
    if _JOINED_BEFORE.search(before) or _COUNTRY_CODE.search(before):
        return True
    if not _GROUPED.search(text, start, end):
        return False
    return _has_group_beside(text, start, end)


def _has_group_beside(text: str, start: int, end: int) -> bool:
    return has_group_before(text, start, end) or has_group_after(text, start, end)


def _has_check(kind: IdKind, number: str) -> bool:
    bare = re.sub(r"[^0-9A-Z]", "", number)
    return kind.is_valid(number) or (bare != number and kind.is_valid(bare))
