"""Numbers that a state gives one person, by their form, their check digits and the date of birth inside."""

import re
from collections.abc import Iterator

from modelcore.data import Span
from modelcore.privacy.hints import SaidWords, words
from modelcore.privacy.id_kinds import IdKind, Needs, id_kinds
from modelcore.privacy.naming import Said, Speech, phone_speech, what_is_said

# Every id has five digits that stand near to one another, or four between letters; more letters and signs
# around them are within a margin.
_DIGITS = re.compile(r"\d(?:[^\d\n]{0,4}\d){4,}|(?<=[A-Za-z]{5})\d{4}(?=[A-Za-z])")
_MARGIN = 12
_GROUPED = re.compile(r"\d[ -]\d")
_ENDS_BEFORE, _JOINED_BEFORE = re.compile(r"\d[ \n-]\Z"), re.compile(r"\d-\Z")
_GOES_ON = re.compile(r"[0-9A-Za-z]|-[0-9A-Fa-f]{4}-")  # the latter in a UUID
_COUNTRY_CODE = re.compile(r"\+\d{1,3}[ -]\Z")  # of a telephone number
_NEXT_GROUP = re.compile(r"[ -]\d")


def find_national_ids(text: str) -> Iterator[Span]:
    """Find the numbers of all kinds in id_kinds.toml.

    Args:
        text: folded.

    Yields:
        Spans with the label of the kind; those that overlap have the surest first: one that a word speaks
        for, else as in the file.
    """
    regions = list(_DIGITS.finditer(text))
    kinds = _kinds_that_may_be_in(text) if regions else []
    for digits in regions:
        start, end = max(0, digits.start() - _MARGIN), digits.end() + _MARGIN
        unsure = []
        for kind in kinds:
            for match in kind.pattern.finditer(text, start, end):
                if _is_cut(text, match) or not _has_check(kind, match.group().upper()):
                    continue
                said = _said(text, match, kind)
                if said is Said.OWN:
                    yield Span(match.start(), match.end(), kind.label)
                elif kind.needs is Needs.FORM or (
                    kind.needs is Needs.NO_OTHER and said > Said.OTHER_BESIDE and not _is_phone(text, match)
                ):
                    unsure.append(Span(match.start(), match.end(), kind.label))
        yield from unsure


def _kinds_that_may_be_in(text: str) -> list[IdKind]:
    said = SaidWords(text)
    return [kind for kind in id_kinds() if kind.needs is not Needs.WORD or kind.words.may_be_among(said)]


def _said(text: str, match: re.Match[str], kind: IdKind) -> Said:
    others = words("other_numbers", "phone_names", "phone_words", "card_words")
    return what_is_said(text, *match.span(), Speech(kind.words, kind.words, others))


def _is_phone(text: str, match: re.Match[str]) -> bool:
    return what_is_said(text, *match.span(), phone_speech()) is Said.OWN


def _is_cut(text: str, match: re.Match[str]) -> bool:
    """Whether the number goes on, as a card of four groups does after three."""
    start, end = match.span()
    before = text[max(0, start - 5) : start]
    if _GOES_ON.match(text, end) or _JOINED_BEFORE.search(before) or _COUNTRY_CODE.search(before):
        return True
    if not _GROUPED.search(match.group()):
        return False
    return bool(_NEXT_GROUP.match(text, end) or _ENDS_BEFORE.search(before))


def _has_check(kind: IdKind, number: str) -> bool:
    bare = re.sub(r"[^0-9A-Z]", "", number)
    return kind.is_valid(number) or (bare != number and kind.is_valid(bare))
