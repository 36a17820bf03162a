"""Files with named columns → one mapping a row: csv, tsv, JSON lines, a JSON list, `sentence@label`."""

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from modelcore.data.dialects import DELIMITERS, find_delimiter, find_dialect, refuse_swallowed_rows
from modelcore.data.sources import UNPACKED_LIMIT, Source, refuse_too_many
from modelcore.errors import InputError
from modelcore.sentence import Sentence

TEXT_LIMIT = 1_000_000  # characters; longer is a damaged file, such as a quote that nobody closed

_KINDS: dict[type, Sentence] = {list: Sentence("a list"), dict: Sentence("an object")}
_NOT_FINITE = Sentence("a number that is not finite")


OnBlank = Callable[[int], None]


def skip(_number: int) -> None:
    """Nobody asks after blank rows."""


@dataclass(frozen=True)
class Row:
    """One row: `number` is what a spreadsheet shows (a header is row 1); in JSON lines and txt, the line."""

    number: int
    values: Mapping[str, object]

    def text(self, column: str) -> str:
        """The value of one column as text, which may be a number or true or false; 1.0 is 1.

        Raises:
            InputError: the column is missing, not text, over 1,000,000 characters, or damaged.
        """
        if column not in self.values:
            found = ", ".join(self.values) or "none"
            raise InputError(
                "Row {number} has no {column!r}; it has: {found}. Name the column that holds it.",
                number=self.number,
                column=column,
                found=found,
            )
        value = self.values[column]
        if value is None:
            return ""
        if isinstance(value, str):
            return check_text(self.number, column, value)
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float) and math.isfinite(value):
            # A column of whole numbers with gaps comes as floats.
            return str(int(value) if value.is_integer() else value)
        raise InputError(
            "Row {number} has {kind} where its {column!r} should be: write a text there.",
            number=self.number,
            kind=_KINDS.get(type(value), _NOT_FINITE),
            column=column,
        )


def check_text(row: int, field: str, value: str) -> str:
    """The value itself, if it is what a text can be.

    Raises:
        InputError: over 1,000,000 characters, a NUL character, or half of a surrogate pair.
    """
    if len(value) > TEXT_LIMIT:
        raise InputError(
            "Row {row} has a {field} of {characters:,} characters, over the limit of "
            "{limit:,}: shorten it, or close the quote that swallowed the rows after it.",
            row=row,
            field=field,
            characters=len(value),
            limit=TEXT_LIMIT,
        )
    if "\0" in value:
        raise InputError(
            "Row {row} has a NUL character in its {field}: remove it, or save the file as UTF-8.",
            row=row,
            field=field,
        )
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise InputError(
            "Row {row} has half of a surrogate pair in its {field}: export the file again.",
            row=row,
            field=field,
        )
    return value


def read_rows(source: Source, columns: Sequence[str], on_blank: OnBlank = skip) -> Iterator[Row]:
    """The rows of any file with named columns.

    Args:
        source: the file.
        columns: names that every row must have, or none where any will do; for `sentence@label` first the
            text's, then the label's.
        on_blank: called with the number of each blank row.

    Returns:
        An iterator of rows in the file's order; blank rows are left out but counted.

    Raises:
        InputError: an unknown format, a missing or doubled column, a ragged or damaged row.
    """
    readers: dict[str, Callable[[Source, Sequence[str], OnBlank], Iterator[Row]]] = {
        ".csv": _read_csv,
        ".tsv": _read_csv,
        ".jsonl": lambda source, _, on_blank: read_json_lines(source, on_blank),
        ".ndjson": lambda source, _, on_blank: read_json_lines(source, on_blank),
        ".json": lambda source, _, on_blank: read_json_list(source, on_blank),
        ".txt": _read_at_lines,
    }
    reader = readers.get(source.suffix)
    if reader is None:
        raise InputError(
            "{name} ends in none of {readers} (or one of these with .gz): rename it to what it holds.",
            name=source.name,
            readers=", ".join(readers),
        )
    return reader(source, columns, on_blank)


def filled_lines(source: Source, on_blank: OnBlank = skip) -> Iterator[tuple[int, str]]:
    """The lines that aren't blank, with their 1-based numbers."""
    for number, line in enumerate(source.lines(), start=1):
        if line.strip():
            yield number, line
        else:
            on_blank(number)


def read_json_lines(source: Source, on_blank: OnBlank = skip) -> Iterator[Row]:
    """One JSON object a line."""
    for number, line in filled_lines(source, on_blank):
        yield Row(number, _json_object(number, line))


def read_json_list(source: Source, on_blank: OnBlank = skip) -> Iterator[Row]:
    """A JSON list of objects, numbered from 1; a file of JSON lines under this name is read as such.

    Raises:
        InputError: it is not valid JSON, or an item is not an object.
    """
    if not source.payload.lstrip().startswith(b"["):
        yield from read_json_lines(source, on_blank)
        return
    try:
        items = json.loads(source.payload)
    except (ValueError, RecursionError) as error:
        raise InputError(
            "{name} is not valid JSON ({error}): correct it there.", name=source.name, error=error
        ) from error
    refuse_too_many(source.name, len(items))
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            raise InputError(
                "Item {number} of {name} is not an object with named fields.", number=number, name=source.name
            )
        yield Row(number, item)


def _json_object(number: int, line: str) -> dict[str, object]:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(
            "Row {number} is not valid JSON ({error}): correct that line.", number=number, error=error
        ) from error
    if not isinstance(item, dict):
        raise InputError("Row {number} is not a JSON object with named fields.", number=number)
    return item


def _read_at_lines(source: Source, columns: Sequence[str], on_blank: OnBlank) -> Iterator[Row]:
    for number, line in filled_lines(source, on_blank):
        sentence, at, label = line.rstrip("\r\n").rpartition("@")
        if not at:
            raise InputError(
                "Row {number} has no @: write sentence@label, or give the file its right ending.",
                number=number,
            )
        yield Row(number, dict(zip(columns, (sentence, label.strip()), strict=False)))


def _read_csv(source: Source, columns: Sequence[str], on_blank: OnBlank) -> Iterator[Row]:
    # The module's default limit of 131,072 characters a field would refuse long texts that are fine.
    csv.field_size_limit(max(csv.field_size_limit(), UNPACKED_LIMIT))
    source, delimiter = find_delimiter(source, columns)
    dialect = find_dialect(source, delimiter)
    number, header = 0, list[str]()
    try:
        for number, values in enumerate(csv.reader(source.lines(), **dialect), start=1):
            if not header:
                header = _header(source, number, values, columns) if "".join(values).strip() else []
            elif not any(values):
                on_blank(number)
            elif len(header) > 1 and [value.strip() for value in values] == header:
                continue  # of another file that was put after the first
            else:
                yield Row(number, dict(zip(header, _fitted(number, values, header, delimiter), strict=True)))
    except csv.Error as error:
        raise InputError(
            "Row {number} of {name} is not well-formed ({error}): close its quotes, and double "
            "those inside a quoted text.",
            number=number + 1,
            name=source.name,
            error=error,
        ) from error
    refuse_swallowed_rows(source, dialect)


def _header(source: Source, number: int, values: list[str], columns: Sequence[str]) -> list[str]:
    header = [value.strip() for value in values]
    for column in columns or filter(None, header):
        if column not in header and source.is_as_said:
            raise InputError(
                "{name} has no column {column!r}; its row {number}, read as {encoding}, names: {header}. "
                "Name the column that holds it, or the encoding that the file is in.",
                name=source.name,
                column=column,
                number=number,
                encoding=source.encoding,
                header=", ".join(header),
            )
        if column not in header:
            raise InputError(
                "{name} has no column {column!r}; its row {number} names: {header}. Name the column "
                "that holds it.",
                name=source.name,
                column=column,
                number=number,
                header=", ".join(header),
            )
        if header.count(column) > 1:
            raise InputError(
                "{name} has the column {column!r} twice: rename one of them.", name=source.name, column=column
            )
    return header


def _fitted(number: int, values: list[str], header: list[str], delimiter: str) -> list[str]:
    # Spreadsheets write empty cells beyond the last column; anything else means an unquoted delimiter.
    while len(values) > len(header) and not values[-1]:
        values.pop()
    if len(values) != len(header):
        raise InputError(
            "Row {number} has {values} fields where the header has {columns}: quote "
            "the texts that hold {delimiter}, or fill in what is missing.",
            number=number,
            values=len(values),
            columns=len(header),
            delimiter=DELIMITERS[delimiter],
        )
    return values
