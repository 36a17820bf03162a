"""Files of columns → texts with marked spans: a token and its tag on a line, blank lines between texts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from modelcore.data.normal import IDEOGRAPH
from modelcore.data.sources import Source
from modelcore.data.tables import check_text
from modelcore.data.texts import Span
from modelcore.errors import InputError

ONLY_LABEL = "ENTITY"  # of a file whose tags are positions alone
_STARTS = "BSU"  # BIO, BIOES and BILOU: begin, single, unit
_CONTINUES = "IEL"  # inside, end, last
_POSITIONS = frozenset(_STARTS + _CONTINUES)
_UNDERSCORED = re.compile(f"[{_STARTS + _CONTINUES}]_.")
_DOCUMENT = "-DOCSTART-"
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
class _Sentence:
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
        if not label or position not in _POSITIONS:
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

    `has_positions`: some are a position and a label; `is_bare`: each that marks is a position alone.
    """

    row: int
    columns: int
    has_positions: bool
    is_bare: bool

    @classmethod
    def of(cls, source: Source) -> Self:
        """Look at all lines.

        Raises:
            InputError: the tags stand first, or part position and label by an underscore.
        """
        row, width = 0, 0
        tokens, tags = set[str](), set[str]()
        for number, columns in _columns(source):
            if columns and columns[0] not in ("#", _DOCUMENT):
                row, width = row or number, width or len(columns)
                tokens.add(columns[0])
                tags.add(columns[-1])
        marks = tags - {"O"}
        has_positions = any(map(_has_position, marks))
        if not has_positions and tokens - {"O"} and all(map(_has_position, tokens - {"O"})):
            raise InputError(
                "{name} has tags such as {tag!r} in its first column: put the token first and its tag last.",
                name=source.name,
                tag=min(tokens - {"O"}),
            )
        if marks and all(map(_UNDERSCORED.match, marks)) and any(mark[0] in "BI" for mark in marks):
            raise InputError(
                "{name} has tags such as {tag!r}: write a hyphen between the position and the label, as in "
                "B-PER.",
                name=source.name,
                tag=min(marks),
            )
        return cls(row, width, has_positions, bool(marks) and marks <= _POSITIONS)

    def is_comment(self, columns: Sequence[str], *, is_first: bool) -> bool:
        """Whether a line that begins with # is one, and not the token # with its tag."""
        if columns[0] != "#" or not self.columns:
            return False
        if len(columns) != self.columns:
            return True
        return is_first and not self._is_tag(columns[-1])

    def _is_tag(self, last: str) -> bool:
        if last == "O" or not (self.has_positions or self.is_bare):
            return True
        return last in _POSITIONS if self.is_bare else _has_position(last)

    def token_and_tag(self, number: int, columns: Sequence[str]) -> tuple[str, str]:
        """The first and the last column of a token line.

        Raises:
            InputError: not a line like the others, or a blank token that is marked.
        """
        token, tag = columns[0], columns[-1]
        if len(columns) < 2:
            raise InputError(
                "Row {number} has the token {token!r} without a tag: write O if it has none.",
                number=number,
                token=token,
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
    sentence: _Sentence | None = None
    for number, columns in _columns(source):
        if not columns or columns[0] == _DOCUMENT:
            if sentence:
                yield sentence.marked()
            sentence = None
        elif not layout.is_comment(columns, is_first=sentence is None):
            token, tag = layout.token_and_tag(number, columns)
            if token.strip():
                sentence = sentence or _Sentence(number)
                sentence.add(token, tag, number)
            elif sentence:
                sentence.is_open = False
    if sentence:
        yield sentence.marked()


def _columns(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Each line's number and columns; other blanks than ASCII's may be a token or a part of one."""
    for number, line in enumerate(source.lines(), start=1):
        yield number, _BLANKS.split(line.strip(_ASCII_BLANKS)) if line.strip() else []


def _has_position(tag: str) -> bool:
    position, dash, label = tag.partition("-")
    return bool(dash and label) and position in _POSITIONS
