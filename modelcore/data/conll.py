"""Files of columns → texts with marked spans: a token and its tag on a line, blank lines between texts."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Self

from modelcore.data.normal import IDEOGRAPH
from modelcore.data.sources import Source
from modelcore.data.tables import check_text
from modelcore.data.texts import Span
from modelcore.errors import InputError

ONLY_LABEL = "ENTITY"  # of a file whose tags are positions alone
_STARTS = "BSU"  # BIO, BIOES, BMES and BILOU: begin, single, unit
_CONTINUES = "IMEL"  # inside, middle, end, last
POSITIONS = frozenset(_STARTS + _CONTINUES)
_UNDERSCORED = re.compile(f"[{_STARTS + _CONTINUES}]_.")
_DOCUMENT = "-DOCSTART-"
_FIRST_NUMBERS = frozenset("01")
_NOT_COUNTED = re.compile(r"\d+[-.]\d+")  # CoNLL-U: tokens that are written as one, or one that isn't written
_ASCII_BLANKS = " \t\r\n\v\f"
_BLANKS = re.compile(r"[ \t\v\f]+")


@dataclass(frozen=True)
class Marked:
    """A text with its spans; `row` is where it begins, `group` what made it, or empty."""

    row: int
    text: str
    spans: tuple[Span, ...]
    group: str = ""


@dataclass
class TaggedTokens:
    """Tokens joined by single spaces (none between ideographs), while spans open and close."""

    row: int
    parts: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[Span] = field(default_factory=list)
    is_open: bool = False

    def marked(self) -> Marked:
        return Marked(self.row, check_text(self.row, "text", "".join(self.parts)), tuple(self.spans))

    def add(self, token: str, tag: str, row: int) -> None:
        if self.parts and not (IDEOGRAPH.match(self.parts[-1][-1]) and IDEOGRAPH.match(token)):
            self.parts.append(" ")
            self.length += 1
        start = self.length
        self.parts.append(token)
        self.length += len(token)
        if tag == "O":
            self.is_open = False
            return
        position, dash, label = tag.partition("-")
        if not dash:
            position, label = "I", tag  # plain IO tags carry no position
        if not label.strip("_") or position not in POSITIONS:
            raise InputError(
                "Row {row} has the tag {tag!r}: write O, or B- or I- and the label.", row=row, tag=tag
            )
        if self.is_open and position in _CONTINUES and self.spans[-1].label == label:
            start = self.spans.pop().start
        self.spans.append(Span(start, self.length, label))
        self.is_open = True


@dataclass(frozen=True)
class _Layout:
    """What the token lines of a file have in common: `columns`, first in `row`, and how their tags look.

    `token` and `tag`: their places, the first and the last unless the lines are numbered or the last column
    holds no tags. `has_positions`: some tags are a position and a label; `is_bare`: each that marks is a
    position alone.
    """

    row: int
    columns: int
    token: int
    tag: int
    has_positions: bool
    is_bare: bool

    @classmethod
    def of(cls, source: Source) -> Self:
        """Look at all lines.

        Raises:
            InputError: the tags stand first, or part position and label by an underscore.
        """
        row, values = 0, list[set[str]]()
        token = int(_is_numbered(source))
        for number, columns in _columns(source):
            if columns and columns[0] not in ("#", _DOCUMENT) and not (token and _is_uncounted(columns)):
                row, values = row or number, values or [set[str]() for _ in columns]
                for column, value in zip(values, columns, strict=False):
                    column.add(value)
        # Of numbered lines GermEval has the tags inside of others last, and others have who tagged.
        tag = 2 if token and _hold_positions(values[2]) else _tag_column(values)
        tokens, marks = (values[token] - {"O"}, values[tag] - {"O"}) if values else (set(), set())
        has_positions = any(map(_has_position, marks))
        if not has_positions and _hold_positions(tokens):
            raise InputError(
                "{name} has tags such as {tag!r} in its first column: put the token first and its tag last.",
                name=source.name,
                tag=min(tokens),
            )
        if marks and all(map(_UNDERSCORED.match, marks)) and any(mark[0] in "BI" for mark in marks):
            raise InputError(
                "{name} has tags such as {tag!r}: write a hyphen between the position and the label, as in "
                "B-PER.",
                name=source.name,
                tag=min(marks),
            )
        return cls(row, len(values), token, tag, has_positions, bool(marks) and marks <= POSITIONS)

    def is_aside(self, columns: Sequence[str], *, is_first: bool) -> bool:
        """Whether a line has no token of its own: a comment, and not the token # with its tag."""
        if self.token and _is_uncounted(columns):
            return True
        if columns[0] != "#" or not self.columns:
            return False
        if self.token or len(columns) != self.columns:
            return True
        return is_first and not self._is_tag(columns[self.tag])

    def _is_tag(self, last: str) -> bool:
        if last == "O" or not (self.has_positions or self.is_bare):
            return True
        return last in POSITIONS if self.is_bare else _has_position(last)

    def token_and_tag(self, number: int, columns: Sequence[str]) -> tuple[str, str]:
        """What a token line holds at their places.

        Raises:
            InputError: not a line like the others, or a blank token that is marked.
        """
        if len(columns) < 2:
            raise InputError(
                "Row {number} has the token {token!r} without a tag: write O if it has none.",
                number=number,
                token=columns[0],
            )
        if self.columns and len(columns) != self.columns:
            raise InputError(
                "Row {number} has {columns} columns where row {row} has {expected}: write a token and its "
                "tag as there, and a comment after a # and a blank.",
                number=number,
                columns=len(columns),
                row=self.row,
                expected=self.columns,
            )
        token, tag = columns[self.token], columns[self.tag]
        if "-" not in tag and not self._is_tag(tag):
            raise InputError(
                "Row {number} has the tag {tag!r} where others begin with B- or I-: write it like these, or "
                "take out a line that only names the columns.",
                number=number,
                tag=tag,
            )
        if not token.strip() and tag != "O":
            raise InputError("Row {number} marks a blank as {tag!r}: tag it O.", number=number, tag=tag)
        if self.is_bare and tag != "O":
            tag = f"{tag}-{ONLY_LABEL}"
        return check_text(number, "token", token), tag


def read_conll(source: Source) -> Iterator[Marked]:
    layout = _Layout.of(source)
    sentence: TaggedTokens | None = None
    for number, columns in _columns(source):
        if not columns or columns[0] == _DOCUMENT:
            if sentence:
                yield sentence.marked()
            sentence = None
        elif not layout.is_aside(columns, is_first=sentence is None):
            token, tag = layout.token_and_tag(number, columns)
            if token.strip():
                sentence = sentence or TaggedTokens(number)
                sentence.add(token, tag, number)
            elif sentence:
                sentence.is_open = False
    if sentence:
        yield sentence.marked()


def _columns(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Each line's number and columns; other blanks than ASCII's may be a token or a part of one."""
    for number, line in enumerate(source.lines(), start=1):
        yield number, _BLANKS.split(line.strip(_ASCII_BLANKS)) if line.strip() else []


def _is_numbered(source: Source) -> bool:
    """Whether a column before the tokens counts them, from 0 or 1 in each text, or on and on."""
    expected, is_counted = _FIRST_NUMBERS, False
    for _, columns in _columns(source):
        if not columns or columns[0] == _DOCUMENT:
            expected |= _FIRST_NUMBERS
        elif len(columns) > 2 and columns[0] in expected:
            expected, is_counted = frozenset([str(int(columns[0]) + 1)]), True
        elif columns[0] != "#" and not _is_uncounted(columns):
            return False
    return is_counted


def _is_uncounted(columns: Sequence[str]) -> bool:
    return _NOT_COUNTED.fullmatch(columns[0]) is not None


def _tag_column(values: Sequence[Set[str]]) -> int:
    """The last column, unless only one before it has tags: a part of speech is never O."""
    last = len(values) - 1
    if last < 2 or "O" in values[last] or _hold_positions(values[last]):
        return last
    return max((place for place in range(1, last) if _hold_positions(values[place])), default=last)


def _hold_positions(tags: Set[str]) -> bool:
    marks = tags - {"O"}
    return bool(marks) and all(map(_has_position, marks))


def _has_position(tag: str) -> bool:
    position, dash, label = tag.partition("-")
    return bool(dash and label) and position in POSITIONS
