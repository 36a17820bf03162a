"""The three shapes of training data: texts with labels, texts with spans, pairs of texts."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from modelcore.errors import InputError


@dataclass(frozen=True)
class Span:
    """One marked piece of a text: `text[start:end]` in characters, end excluded."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class LabelledTexts:
    """Texts with one label each.

    Args:
        texts: n texts, none of them blank.
        labels: n labels, none of them blank.
        rows: n 1-based rows of the source, where a header is row 1; left out, they count from 1.
        encoding: how the source's bytes were read; for the profile, not part of the digest.
    """

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[int, ...] = ()
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        _number_rows(self, len(self.texts))
        _same_length(len(self.texts), labels=len(self.labels), rows=len(self.rows))
        refuse_blank("text", zip(self.rows, self.texts, strict=True))
        refuse_blank("label", zip(self.rows, self.labels, strict=True))

    @cached_property
    def digest(self) -> str:
        return _digest(zip(self.texts, self.labels, strict=True))

    def take(self, indices: Sequence[int]) -> Self:
        return type(self)(
            texts=tuple(self.texts[i] for i in indices),
            labels=tuple(self.labels[i] for i in indices),
            rows=tuple(self.rows[i] for i in indices),
            encoding=self.encoding,
        )


@dataclass(frozen=True)
class SpanTexts:
    """Texts with marked spans, for tagging.

    Args:
        texts: n texts, none of them blank.
        spans: n tuples of spans, sorted by start and not overlapping.
        rows: n 1-based rows of the source; left out, they count from 1.
        groups: n names of what made the texts (a template), or nothing; a split never parts a group.
        encoding: how the source's bytes were read; for the profile, not part of the digest.
    """

    texts: tuple[str, ...]
    spans: tuple[tuple[Span, ...], ...]
    rows: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        _number_rows(self, len(self.texts))
        _same_length(len(self.texts), spans=len(self.spans), rows=len(self.rows))
        if self.groups:
            _same_length(len(self.texts), groups=len(self.groups))
        refuse_blank("text", zip(self.rows, self.texts, strict=True))
        for row, text, spans in zip(self.rows, self.texts, self.spans, strict=True):
            _check_spans(row, text, spans)

    @cached_property
    def digest(self) -> str:
        marked = ([[s.start, s.end, s.label] for s in spans] for spans in self.spans)
        return _digest(zip(self.texts, marked, strict=True))

    def take(self, indices: Sequence[int]) -> Self:
        return type(self)(
            texts=tuple(self.texts[i] for i in indices),
            spans=tuple(self.spans[i] for i in indices),
            rows=tuple(self.rows[i] for i in indices),
            groups=tuple(self.groups[i] for i in indices) if self.groups else (),
            encoding=self.encoding,
        )


@dataclass(frozen=True)
class TextPairs:
    """Pairs of texts that mean the same, for embedding.

    Args:
        anchors: n texts, none of them blank.
        positives: n texts, each the counterpart of the anchor at its place.
        rows: n 1-based rows of the source; left out, they count from 1.
        encoding: how the source's bytes were read; for the profile, not part of the digest.
    """

    anchors: tuple[str, ...]
    positives: tuple[str, ...]
    rows: tuple[int, ...] = ()
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        _number_rows(self, len(self.anchors))
        _same_length(len(self.anchors), positives=len(self.positives), rows=len(self.rows))
        refuse_blank("anchor", zip(self.rows, self.anchors, strict=True))
        refuse_blank("positive", zip(self.rows, self.positives, strict=True))

    @property
    def texts(self) -> tuple[str, ...]:
        """The anchors, where one text a row is asked for."""
        return self.anchors

    @cached_property
    def digest(self) -> str:
        return _digest(zip(self.anchors, self.positives, strict=True))

    def take(self, indices: Sequence[int]) -> Self:
        return type(self)(
            anchors=tuple(self.anchors[i] for i in indices),
            positives=tuple(self.positives[i] for i in indices),
            rows=tuple(self.rows[i] for i in indices),
            encoding=self.encoding,
        )


Rows = LabelledTexts | SpanTexts | TextPairs


def refuse_blank(field: str, values: Iterable[tuple[int, str]]) -> None:
    """Let nothing blank pass.

    Args:
        field: what the values are, in a sentence.
        values: (row, value) pairs, rows from 1.

    Raises:
        InputError: a value is empty or white space; it tells how many are, and the first row.
    """
    blank = [row for row, value in values if not value or value.isspace()]
    if len(blank) == 1:
        raise InputError(
            "Row {row} has an empty {field}: fill it in or remove the row.", row=blank[0], field=field
        )
    if blank:
        raise InputError(
            "{rows:,} rows have an empty {field}, the first is row {row}: fill them in or remove the rows.",
            rows=len(blank),
            field=field,
            row=blank[0],
        )


def _number_rows(data: Rows, count: int) -> None:
    if count and not data.rows:
        object.__setattr__(data, "rows", tuple(range(1, count + 1)))


def _same_length(count: int, **lengths: int) -> None:
    for field, length in lengths.items():
        if length != count:
            raise InputError(
                "There are {count:,} texts but {others:,} {field}: they must be as many.",
                count=count,
                others=length,
                field=field,
            )


def _check_spans(row: int, text: str, spans: tuple[Span, ...]) -> None:
    last_end = 0
    for span in spans:
        if not span.label.strip():
            raise InputError(
                "Row {row} has a span at {start} without a label: name what it marks.",
                row=row,
                start=span.start,
            )
        if not 0 <= span.start < span.end <= len(text):
            raise InputError(
                "Row {row} has a span {start}–{end} outside its text of {characters} characters: "
                "correct the start and the end.",
                row=row,
                start=span.start,
                end=span.end,
                characters=len(text),
            )
        if span.start < last_end:
            raise InputError(
                "Row {row} has a span at {start} that overlaps the one before it: spans must be "
                "sorted and apart.",
                row=row,
                start=span.start,
            )
        last_end = span.end


def _digest(items: Iterable[tuple[object, ...]]) -> str:
    # One ASCII JSON array a line: no separator can be confused with content, and the order counts,
    # because the order of the rows decides the batches of a seeded run.
    digest = hashlib.sha256()
    for item in items:
        digest.update(json.dumps(item, separators=(",", ":")).encode("ascii") + b"\n")
    return digest.hexdigest()
