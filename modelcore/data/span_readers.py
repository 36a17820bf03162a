"""Files → texts with marked spans: CoNLL columns, or JSON with character offsets."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from modelcore.data.normal import IDEOGRAPH
from modelcore.data.sources import Source, name_the_file, read_source
from modelcore.data.tables import Row, check_text, read_json_lines, read_json_list
from modelcore.data.texts import Span, SpanTexts
from modelcore.errors import InputError

_COLUMN_FORMATS = (".conll", ".bio", ".iob", ".txt", ".tsv")
_STARTS = "BSU"  # BIO, BIOES and BILOU: begin, single, unit
_CONTINUES = "IEL"  # inside, end, last
_POSITIONS = frozenset(_STARTS + _CONTINUES)
_DOCUMENT = "-DOCSTART-"
_ASCII_BLANKS = " \t\r\n\v\f"
_BLANKS = re.compile(r"[ \t\v\f]+")


@name_the_file
def read_spans(
    path: str | Path, *, text_column: str = "text", encoding: str | None = None, minimum_labels: int = 1
) -> SpanTexts:
    """Read texts with marked spans.

    Args:
        path: .jsonl, .ndjson or .json (a list), with `text` or `full_text`, and `spans` of `start`, `end`,
            `label` or `start_position`, `end_position`, `entity_type` in characters; an `entity_value`, where
            given, must be what the span holds; a `template_id` or `group` keeps texts together in splits.
            Or .conll, .bio, .iob, .txt, .tsv: the token first and its IO, BIO, BIOES or BILOU tag last on a
            line, as many columns on each, blank lines between texts, comments after "# ". Each also as gz;
            limits as in `read_labelled`.
        text_column: the field of the text in JSON, in the place of `text` or `full_text`.
        encoding: a Python codec name, or None to tell it.
        minimum_labels: how many different labels must be marked; 0 for a file that is only evaluated on.

    Returns:
        The texts with their spans sorted by start; a row is the line or list item where the text begins.

    Raises:
        InputError: a sentence with the row, the field and what to do.
    """
    source = read_source(path, encoding=encoding)
    if source.suffix in _COLUMN_FORMATS:
        data = _join(_read_conll(source), source)
    elif source.suffix in (".jsonl", ".ndjson"):
        data = _join((_from_json(row, text_column) for row in read_json_lines(source)), source)
    elif source.suffix == ".json":
        data = _join((_from_json(row, text_column) for row in read_json_list(source)), source)
    else:
        known = ", ".join((*_COLUMN_FORMATS, ".jsonl", ".ndjson", ".json"))
        raise InputError(
            "{name} ends in none of {known}: rename it to what it holds.", name=source.name, known=known
        )
    if minimum_labels and not any(data.spans):
        raise InputError(
            "{name} marks no span in {texts:,} texts: there is nothing to learn.",
            name=source.name,
            texts=len(data.texts),
        )
    return data


@dataclass(frozen=True)
class _Marked:
    row: int
    text: str
    spans: tuple[Span, ...]
    group: str = ""


def _join(items: Iterator[_Marked], source: Source) -> SpanTexts:
    marked = list(items)
    if not marked:
        raise InputError("{name} holds no texts: add some.", name=source.name)
    grouped = any(item.group for item in marked)
    return SpanTexts(
        texts=tuple(item.text for item in marked),
        spans=tuple(item.spans for item in marked),
        rows=tuple(item.row for item in marked),
        groups=tuple(item.group or f"row {item.row}" for item in marked) if grouped else (),
        encoding=source.encoding,
    )


def _from_json(row: Row, text_column: str) -> _Marked:
    is_full = text_column == "text" and "full_text" in row.values
    text = row.text("full_text" if is_full else text_column)
    listed = row.values.get("spans")
    if not isinstance(listed, list):
        raise InputError(
            "Row {number} has no list of spans: give [] where nothing is marked.", number=row.number
        )
    spans = sorted((_json_span(row.number, text, item) for item in listed), key=lambda span: span.start)
    group = row.values.get("group", row.values.get("template_id"))
    return _Marked(row.number, text, tuple(spans), "" if group is None else str(group))


def _json_span(row: int, text: str, item: object) -> Span:
    if not isinstance(item, Mapping):
        raise InputError("Row {row} has a span that is not an object with start, end and label.", row=row)
    start = item.get("start", item.get("start_position"))
    end = item.get("end", item.get("end_position"))
    label = item.get("label", item.get("entity_type"))
    if type(start) is not int or type(end) is not int or not isinstance(label, str):
        raise InputError(
            "Row {row} has a span without whole numbers for start and end or without a label; it "
            "has: {fields}.",
            row=row,
            fields=", ".join(map(str, item)),
        )
    value = item.get("entity_value")
    if isinstance(value, str) and text[start:end] != value:
        raise InputError(
            "Row {row} has a span {start}–{end} that should hold {wanted!r} but holds {found!r}: "
            "correct its start and end.",
            row=row,
            start=start,
            end=end,
            wanted=value,
            found=text[start:end],
        )
    return Span(start, end, check_text(row, "label", label).strip())


@dataclass
class _Sentence:
    """Tokens joined by single spaces (none between ideographs), while spans open and close."""

    row: int
    text: str = ""
    spans: list[Span] = field(default_factory=list)
    is_open: bool = False

    def marked(self) -> _Marked:
        return _Marked(self.row, self.text, tuple(self.spans))

    def add(self, token: str, tag: str, row: int) -> None:
        if self.text and not (IDEOGRAPH.match(self.text[-1]) and IDEOGRAPH.match(token)):
            self.text += " "
        start = len(self.text)
        self.text += token
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
        self.spans.append(Span(start, len(self.text), label))
        self.is_open = True


@dataclass(frozen=True)
class _Layout:
    """What the token lines of a file have in common: `columns`, first in `row`, and how their tags look."""

    row: int
    columns: int
    has_positions: bool

    @classmethod
    def of(cls, source: Source) -> Self:
        row, width, has_positions = 0, 0, False
        for number, columns in _columns(source):
            if columns and columns[0] not in ("#", _DOCUMENT):
                row, width = row or number, width or len(columns)
                has_positions = has_positions or _has_position(columns[-1])
        return cls(row, width, has_positions)

    def is_comment(self, columns: Sequence[str], *, is_first: bool) -> bool:
        """Whether a line that begins with # is one, and not the token # with its tag."""
        if columns[0] != "#" or not self.columns:
            return False
        if len(columns) != self.columns:
            return True
        return is_first and self.has_positions and columns[-1] != "O" and not _has_position(columns[-1])

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
        if self.has_positions and "-" not in tag and tag != "O":
            raise InputError(
                "Row {number} has the tag {tag!r} where others begin with B- or I-: write it like these, or "
                "take out a line that only names the columns.",
                number=number,
                tag=tag,
            )
        if not token.strip() and tag != "O":
            raise InputError("Row {number} marks a blank as {tag!r}: tag it O.", number=number, tag=tag)
        return check_text(number, "token", token), tag


def _read_conll(source: Source) -> Iterator[_Marked]:
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
