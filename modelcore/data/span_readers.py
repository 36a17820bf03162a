"""Files → texts with marked spans: columns as in `conll`, or JSON with character offsets."""

from collections.abc import Iterator
from pathlib import Path

from modelcore.data.conll import Marked, read_conll
from modelcore.data.sources import Source, name_the_file, read_source
from modelcore.data.span_json import read_json_spans
from modelcore.data.tables import read_json_lines, read_json_list
from modelcore.data.texts import SpanTexts
from modelcore.errors import InputError

_COLUMN_FORMATS = (".conll", ".bio", ".iob", ".txt", ".tsv")


@name_the_file
def read_spans(
    path: str | Path, *, text_column: str = "text", encoding: str | None = None, minimum_labels: int = 1
) -> SpanTexts:
    """Read texts with marked spans.

    Args:
        path: .jsonl, .ndjson or .json (a list), with `text` or `full_text`, and a list `spans`, `entities` or
            `label` of `[start, end, label]` in characters or of objects with these names, or
            `start_offset`, `end_offset` or `start_position`, `end_position`, and `type` or `entity_type`; an
            `entity_value` or `text`, where given, must be what the span holds. Or with `tokens` and as many
            `ner_tags`. A `template_id` or `group` keeps texts together in splits.
            Or .conll, .bio, .iob, .txt, .tsv: the token first and its IO, BIO, BIOES, BMES or BILOU tag last
            on a line, as many columns on each, blank lines between texts, comments after "# ". A number
            before each token is left out, and the tag with a position right after that token is its own, as
            is one before columns without an O, such as parts of speech; tags that are positions alone mark an
            "ENTITY". Each also as gz; limits as in `read_labelled`.
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
        data = _join((read_json_spans(row, text_column) for row in read_json_lines(source)), source)
    elif source.suffix == ".json":
        data = _join((read_json_spans(row, text_column) for row in read_json_list(source)), source)
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
