"""Files → texts with marked spans: columns as in `conll`, or JSON with character offsets."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from modelcore.data.conll import Marked, read_conll
from modelcore.data.sources import Source, name_the_file, read_source
from modelcore.data.tables import Row, check_text, read_json_lines, read_json_list
from modelcore.data.texts import Span, SpanTexts
from modelcore.errors import InputError

_COLUMN_FORMATS = (".conll", ".bio", ".iob", ".txt", ".tsv")


@name_the_file
def read_spans(
    path: str | Path, *, text_column: str = "text", encoding: str | None = None, minimum_labels: int = 1
) -> SpanTexts:
    """Read texts with marked spans.

    Args:
        path: .jsonl, .ndjson or .json (a list), with `text` or `full_text`, and `spans` of `start`, `end`,
            `label` or `start_position`, `end_position`, `entity_type` in characters; an `entity_value`, where
            given, must be what the span holds; a `template_id` or `group` keeps texts together in splits.
            Or .conll, .bio, .iob, .txt, .tsv: the token first and its IO, BIO, BIOES, BMES or BILOU tag last
            on a line, as many columns on each, blank lines between texts, comments after "# ". A number
            before each token is left out, and the tag with a position right after that token is its own; tags
            that are positions alone mark an "ENTITY". Each also as gz; limits as in `read_labelled`.
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
        data = _join(read_conll(source), source)
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


def _join(items: Iterator[Marked], source: Source) -> SpanTexts:
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


def _from_json(row: Row, text_column: str) -> Marked:
    is_full = text_column == "text" and "full_text" in row.values
    text = row.text("full_text" if is_full else text_column)
    listed = row.values.get("spans")
    if not isinstance(listed, list):
        raise InputError(
            "Row {number} has no list of spans: give [] where nothing is marked.", number=row.number
        )
    spans = sorted((_json_span(row.number, text, item) for item in listed), key=lambda span: span.start)
    group = row.values.get("group", row.values.get("template_id"))
    return Marked(row.number, text, tuple(spans), "" if group is None else str(group))


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
    start, end = _without_blanks(row, text, start, end)
    return Span(start, end, check_text(row, "label", label).strip())


def _without_blanks(row: int, text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the blanks at its ends, which no word piece holds, so that nobody can find them."""
    if not 0 <= start < end <= len(text):
        return start, end  # refused with the other spans of its text
    held = text[start:end]
    if not held.strip():
        raise InputError(
            "Row {row} has a span {start}–{end} of blanks alone: mark a word, or take it out.",
            row=row,
            start=start,
            end=end,
        )
    return start + len(held) - len(held.lstrip()), end - len(held) + len(held.rstrip())
