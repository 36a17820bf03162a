"""Numbers that a state gives one person, by their form, their check digits and the date of birth inside."""

import re
from collections.abc import Iterator

from modelcore.data import Span
from modelcore.privacy.hints import leaning, words
from modelcore.privacy.id_kinds import IdKind, Needs, id_kinds

# Every id has five digits that stand near to one another; letters and signs around them are within a margin.
_DIGITS = re.compile(r"\d(?:[^\d\n]{0,4}\d){4,}")
_MARGIN = 12


def find_national_ids(text: str) -> Iterator[Span]:
    """Find the numbers of all kinds in id_kinds.toml.

    Args:
        text: folded.

    Yields:
        Spans with the label of the kind; those that overlap have the surest first.
    """
    for digits in _DIGITS.finditer(text):
        start, end = max(0, digits.start() - _MARGIN), digits.end() + _MARGIN
        for kind in id_kinds():
            for match in kind.pattern.finditer(text, start, end):
                is_cut = match.end() == end and text[end : end + 1].isalnum()
                if not is_cut and _is_one(kind, text, match):
                    yield Span(match.start(), match.end(), kind.label)


def _is_one(kind: IdKind, text: str, match: re.Match[str]) -> bool:
    found = match.group().upper()
    if not (kind.is_valid(found) or kind.is_valid(re.sub(r"[^0-9A-Z]", "", found))):
        return False
    if kind.needs is Needs.FORM:
        return True
    away = words("other_numbers", "phone_words", "card_words")
    lean = leaning(text, match.start(), match.end(), to=kind.words, away=away)
    return lean > 0 if kind.needs is Needs.WORD else lean >= 0
