"""What the clause around a number calls the number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from modelcore.privacy.hints import (
    FIRST_JOINED,
    HIDDEN,
    NEAR,
    Place,
    Words,
    leaning,
    said_after,
    said_before,
    words,
)

REACH = 80  # characters before a number in which its clause may begin
# "And the parcel" before a number goes on with what was said before.
_CLAUSE_START = re.compile(
    rf"[,;!?\n{HIDDEN}，；。！？]|但"
    r"|(?<!\w)(?:and|but|und|aber|et|mais|y|pero|maar|ale|но)(?!\w)(?!\W+(?:\w+ )?\w+\W*\Z)"
)
_PAUSE = " ,，"
_COUNT = r"(?:number|num|nbr|no|nr|id|code|ref|reference|numéro|número|numero|nummer|номер|n[°º]|№)"
_SIGN = rf"(?:[\s.#/\"'“”(（\[-]|(?<!\w){_COUNT}(?!\w)|[编編]?[号號码碼]|番号|번호|-1[03](?!\d))"
_VERB = r"(?:(?<!\w)(?:is|are|was|ist|war|lautet|es|est|était|era|è|é|jest|är|er|это)(?!\w)|[是为為は])"
_BESIDE, _CALLED = re.compile(rf"{_SIGN}*\Z"), re.compile(rf"(?:{_SIGN}|{_VERB}|[:：=])*\Z")
_HAS_ITS_OWN = re.compile(rf"(?!-1[03](?!\d)){_SIGN}*\d")  # not in "ISBN-10"
# Of the words for things that have numbers, those that name the number, alone or with a word beside them.
_IS_NAME = re.compile(
    r"(?:isbn|sku|ean|upc|imei|ref|reference|serial|pnr|rma|iban|pin|zip|plz"
    r"|.*(?:nummer|number|nr|no|[号號]|[编編条條形]码))\Z"
)
_NAME_AFTER = re.compile(rf"[ .-]{{0,2}}(?:{_COUNT}(?!\w)|#|[编編]?[号號码碼]|番号|번호)")
_NAME_BEFORE = re.compile(
    rf"(?<!\w)(?:{_COUNT}|numer)[ .:]{{1,2}}(?:(?:of|de|del|di|do|da|der|the|my|la) )*\Z"
)
# "The account for my mobile" is an account.
_HEADS = re.compile(
    r" ?(?:on|for|of|from|in|with|by|via|auf|für|von|zu|sur|pour|de|du|del|para|en) (?:\w+ ){0,2}\Z"
)
_FOR = re.compile(r"\W*(?:for|für|pour|para|per) (?:\w+ )?\Z")
_RECIPIENT = re.compile(
    r"(?:(?<!\w)(?:to|at|an|auf|unter|à|au|al|a|para|til|till|на)"
    r"|[发發寄送打回改换換][到给給至往为為成]|[给給到])[ :：]*\Z"
)
_AS = re.compile(
    r"[ )\"'”]{0,3}(?:as|is|was|ist|als|est|comme|es|como|是)(?: (?:my|our|his|her|the|your|a))? ?\Z"
)
_COLUMN = re.compile(r"\W*[^\W\d]+(?:[ _][^\W\d]+){0,2}\W*\Z")  # a name of one to three words
_NO_WORDS = Words(())


class Said(IntEnum):
    """What the words around a number say of it."""

    OTHER = -3  # that it is another number
    OTHER_BESIDE = -2  # what has a number, or in Chinese whose it is: 订单12, 会员12
    OTHER_NEAR = -1  # nothing, but they speak of another thing that has a number
    NOTHING = 0
    OWN = 1  # that it is what is looked for


@dataclass(frozen=True)
class Speech:
    """Words that people use of one kind of number.

    Args:
        names: of the number, such as "mobile number".
        hints: all words that speak for it, the names among them.
        others: words for other things that have numbers.
    """

    names: Words
    hints: Words
    others: Words


@cache
def phone_speech() -> Speech:
    return Speech(
        words("phone_names"),
        words("phone_names", "phone_words"),
        words("other_numbers", "number_names", "any_ids", "card_words"),
    )


def what_is_said(text: str, start: int, end: int, speech: Speech, *, within: int = NEAR) -> Said:
    """What the words around `text[start:end]` say it is.

    A name beside the number wins, else the first name in its clause, else the word that is nearest.

    Args:
        text: folded, with HIDDEN in place of what was found.
        start: of the number.
        end: of the number, excluded.
        speech: of the kind that is looked for.
        within: characters before the number in which a word that is not beside it counts.

    Returns:
        What is said.
    """
    column = _column(text, start)
    if column:
        return what_is_said(column, len(column), len(column), speech, within=within)
    before = said_before(text, start, REACH).rstrip(_PAUSE)
    clause = _last_clause(before, speech)
    said = clause.beside() or _is_called(said_after(text, end), speech.names) or clause.heading(within)
    if said:
        return said
    away = _NO_WORDS if _RECIPIENT.search(before) else speech.others
    return Said(leaning(text, start, end, to=speech.hints, away=away, within=within))


def is_called(text: str, start: int, end: int, speech: Speech) -> bool:
    """Whether a name of what is looked for stands beside the number `text[start:end]`: my CPF is 12."""
    clause = _last_clause(said_before(text, start, REACH).rstrip(_PAUSE), speech)
    return (clause.beside() or _is_called(said_after(text, end), speech.names)) is Said.OWN


def _column(text: str, start: int) -> str:
    """What the header calls a number in the first row of a table, where no other column's name is meant."""
    row = text.rfind("\n", max(0, start - REACH), start) + 1
    header = text[max(0, row - 1 - REACH) : row - 1].rpartition("\n")[2] if row else ""
    sign = next((sign for sign in "\t;," if sign in header), "")
    if not sign or not all(_COLUMN.match(name) for name in header.split(sign)):
        return ""
    cells = text[row:].partition("\n")[0].count(sign)
    return header.split(sign)[text.count(sign, row, start)] if 0 < cells <= header.count(sign) else ""


class _Clause:
    """A clause up to a number, in small letters, with the words in it that have to do with numbers."""

    def __init__(self, text: str, speech: Speech) -> None:
        self._text = text
        self._own = sorted(_with_count(text, place) for place in speech.names.places(text))
        self._other = sorted(one for one in speech.others.places(text) if self._is_other(one))
        self._named = [place for place in self._other if _names_a_number(text, place, self._own)]

    def _is_other(self, place: Place) -> bool:
        begins_within = any(own.start <= place.start < own.end for own in self._own)
        return not begins_within and not self._ends_with(place, _HAS_ITS_OWN)

    def says_something(self) -> bool:
        return bool(self._own or self._other)

    def beside(self) -> Said:
        """What the word says that stands beside the number."""
        own, other = _last(self._own), _last(self._other)
        if other and (not own or self._is_later(other, own)):
            if self._ends_with(other, _BESIDE):
                return self._of(other)
            if self._ends_with(other, _CALLED) and not self._is_purpose(other):
                is_meant = other in self._named or not self._follows_own(other)
                return self._of(other) if is_meant else Said.OWN
        if own and self._ends_with(own, _CALLED):
            return Said.OTHER if self._is_headed(own) and not self._ends_with(own, _BESIDE) else Said.OWN
        return Said.NOTHING

    def _is_later(self, other: Place, own: Place) -> bool:
        """Or the longer of two that end at one place: an "order id number" is no "id number"."""
        counted = _with_count(self._text, other)
        return other.end > own.end or (counted.end == own.end and counted.start < own.start)

    def heading(self, within: int) -> Said:
        """What the first name in the clause says."""
        near = [place for place in self._named if len(self._text) - place.end < within]
        if self._own and not (near and near[0].start < self._own[0].start):
            return Said.OWN
        return Said.OTHER if near else Said.NOTHING

    def _ends_with(self, place: Place, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.match(self._text, place.end))

    def _of(self, other: Place) -> Said:
        is_name = other in self._named or self._text[other.start] < FIRST_JOINED
        return Said.OTHER if is_name else Said.OTHER_BESIDE

    def _follows_own(self, other: Place) -> bool:
        """Whether the clause named the number before, not as a part of the same name: "phone order"."""
        return any(self._text[own.end : other.start].strip() for own in self._own)

    def _is_purpose(self, other: Place) -> bool:
        """As in "for the invoice: 12"."""
        return bool(_FOR.match(self._text[: other.start])) and other not in self._named

    def _is_headed(self, own: Place) -> bool:
        before = [one for one in self._other if one.end < own.start]
        return any(one in self._named or _HEADS.match(self._text[one.end : own.start]) for one in before)


def _last_clause(text: str, speech: Speech) -> _Clause:
    """The last one that speaks of numbers, with those after it: "my phone is new, it is 12"."""
    starts = [0, *(match.end() for match in _CLAUSE_START.finditer(text))]
    clauses = (_Clause(text[start:], speech) for start in reversed(starts))
    return next((clause for clause in clauses if clause.says_something()), _Clause("", speech))


def _with_count(text: str, place: Place) -> Place:
    """The place of a name with what follows it: "tax id" and "tax id number"."""
    count = _NAME_AFTER.match(text, place.end)
    return Place(place.start, count.end()) if count else place


def _last(places: Sequence[Place]) -> Place | None:
    return max(places, key=lambda place: (place.end, -place.start), default=None)


def _within_any(place: Place, others: Sequence[Place]) -> bool:
    return any(one.start <= place.start and place.end <= one.end for one in others)


def _names_a_number(text: str, place: Place, own: Sequence[Place]) -> bool:
    if _IS_NAME.match(text[place.start : place.end]) or _NAME_AFTER.match(text, place.end):
        return True
    count = _NAME_BEFORE.search(text[: place.start])
    return count is not None and not _within_any(Place(count.start(), count.start() + 1), own)


def _is_called(after: str, names: Words) -> Said:
    is_own = any(_AS.match(after[: place.start]) for place in names.places(after))
    return Said.OWN if is_own else Said.NOTHING
