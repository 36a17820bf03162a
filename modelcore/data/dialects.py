"""How a file of delimited columns is written: what parts them, what its quotes mean, what they swallow."""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from modelcore.data.sources import Source
from modelcore.errors import InputError

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_NAMED_DELIMITER = re.compile(r'"?sep=([,;\t|])"?\s*')  # the first line that spreadsheets write and hide
_BLANKS = "".join(DELIMITERS) + " \r\n"


def find_delimiter(source: Source, columns: Sequence[str]) -> tuple[Source, str]:
    """What parts the columns, and the file without a first line that says so.

    Args:
        source: a csv or tsv file.
        columns: names that its header must have.
    """
    passed, first = _first_line(source)
    if named := _NAMED_DELIMITER.fullmatch(first):
        return replace(source, payload=source.payload[passed:]), named[1]
    if source.suffix == ".tsv":
        return source, "\t"
    headers = {mark: next(csv.reader([first.rstrip("\r\n")], delimiter=mark), []) for mark in DELIMITERS}
    for mark, header in headers.items():
        if columns and {name.strip() for name in header}.issuperset(columns):
            return source, mark
    # Commas unless the header has none: then what spreadsheets write in other countries.
    return source, "," if len(headers[","]) > 1 else max(headers, key=lambda mark: len(headers[mark]))


def _first_line(source: Source) -> tuple[int, str]:
    """The first line that isn't blank, and how many bytes end with it."""
    passed, line = 0, ""
    for line in source.lines():
        passed += len(line.encode())
        if line.strip(_BLANKS):
            break
    return passed, line


def find_dialect(source: Source, delimiter: str) -> dict[str, Any]:
    """As spreadsheets write it, unless only another way of writing it makes sense of the quotes.

    Args:
        source: a csv or tsv file.
        delimiter: what parts its columns.

    Returns:
        What `csv.reader` takes.
    """
    usual = {"delimiter": delimiter, "strict": True}
    if delimiter == "\t":
        # Many programs write texts between tabs as they are, quotation marks and all.
        plain = usual | {"quoting": csv.QUOTE_NONE}
        return usual if _is_well_formed(source, usual) and not _fits_better(source, plain, usual) else plain
    # Blanks before a quote are no part of a text, as in "one", "two"; other blanks stay.
    blanks = usual | {"skipinitialspace": True}
    return blanks if _has_blanks_before_quotes(source, usual) and _is_well_formed(source, blanks) else usual


def refuse_swallowed_rows(source: Source, dialect: dict[str, Any]) -> None:
    """Refuse a file in which a quote that nobody closed makes one text of many rows.

    They look like rows where each line has all columns and one of these, filled on most lines, holds only
    what a row or another of the lines holds as well, such as a label.

    Args:
        source: a csv or tsv file that is well-formed in this dialect.
        dialect: from `find_dialect`.

    Raises:
        InputError: the first such row, with the number of its lines.
    """
    merged = _merged_rows(source, dialect)
    if not merged:
        return
    known = [set(column) for column in zip_longest(*csv.reader(source.lines(), **dialect))]
    for number, lines in merged.items():
        columns = zip(zip(*lines, strict=True), known, strict=False)
        if any(_is_known(column, values) for column, values in columns):
            raise InputError(
                "Row {number} swallows {lines:,} lines that look like rows of their own: close the quote "
                "that opens there, or double it if it belongs to the text.",
                number=number,
                lines=len(lines),
            )


def _is_known(column: Sequence[str], known: set[str | None]) -> bool:
    # Blanks tell nothing: lines of a letter end in commas, too, and its last one holds the row's own label.
    filled = Counter(value for value in column if value.strip())
    repeats = all(value in known or count > 1 for value, count in filled.items())
    return repeats and 2 * filled.total() > len(column)


def _merged_rows(source: Source, dialect: dict[str, Any]) -> dict[int, list[list[str]]]:
    """By row, what each of its lines would hold alone, where a row has several and each has all columns."""
    if b'"' not in source.payload or dialect.get("quoting") == csv.QUOTE_NONE:
        return {}
    taken: list[str] = []
    merged, width, mark = dict[int, list[list[str]]](), 0, dialect["delimiter"]
    for number, values in enumerate(csv.reader(_kept(source, taken), **dialect), start=1):
        lines, taken[:] = taken[:], []
        width = width or (len(values) if "".join(values).strip() else 0)
        if len(lines) > 1 and width > 1:
            filled = [line.rstrip("\r\n") for line in lines if line.strip(_BLANKS)]
            if len(filled) > 1 and all(line.count(mark) == width - 1 for line in filled):
                merged[number] = [line.split(mark) for line in filled]
    return merged


def _kept(source: Source, taken: list[str]) -> Iterator[str]:
    for line in source.lines():
        taken.append(line)
        yield line


def _fits_better(source: Source, plain: dict[str, Any], quoted: dict[str, Any]) -> bool:
    """Whether each line is a row as it stands, while its quotes would make one row of several."""
    if not _merged_rows(source, quoted):
        return False
    widths = {len(values) for values in csv.reader(source.lines(), **plain) if any(values)}
    return len(widths) == 1


def _has_blanks_before_quotes(source: Source, dialect: dict[str, Any]) -> bool:
    if f'{dialect["delimiter"]} "'.encode() not in source.payload:
        return False
    try:
        rows = csv.reader(source.lines(), **dialect)
        return any(value[:1] == " " and value.lstrip(" ")[:1] == '"' for values in rows for value in values)
    except csv.Error:
        return False


def _is_well_formed(source: Source, dialect: dict[str, Any]) -> bool:
    try:
        deque(csv.reader(source.lines(), **dialect), maxlen=0)
    except csv.Error:
        return False
    return True
