"""Files → labelled texts, pairs of texts, or texts alone."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from modelcore.data.sources import Source, name_the_file, read_source
from modelcore.data.tables import check_text, filled_lines, read_rows, skip
from modelcore.data.texts import LabelledTexts, TextPairs, refuse_blank
from modelcore.errors import InputError


@name_the_file
def read_labelled(
    path: str | Path,
    *,
    text_column: str = "text",
    label_column: str = "label",
    encoding: str | None = None,
    minimum_labels: int = 2,
) -> LabelledTexts:
    """Read texts with one label each.

    Args:
        path: csv, tsv, jsonl, json (a list of objects) or txt (`sentence@label`, the label after the last @),
            each also as gz; at most 256 MiB unpacked, a text at most 1,000,000 characters.
        text_column: the column of the text; txt has none.
        label_column: the column of the label; txt has none.
        encoding: a Python codec name; None tells UTF-8, latin-1/cp1252 and GB18030 apart.
        minimum_labels: how many different labels there must be; 1 for a file that is only evaluated on.

    Returns:
        The texts unchanged, the labels without surrounding white space, and the 1-based source rows.

    Raises:
        InputError: a sentence with the row, the field and what to do.
    """
    _refuse_same_column(text_column, label_column)
    source = read_source(path, encoding=encoding)
    texts, labels, rows = [], [], []
    for row in read_rows(source, (text_column, label_column)):
        texts.append(row.text(text_column))
        labels.append(row.text(label_column).strip())
        rows.append(row.number)
    _refuse_no_rows(source, len(rows))
    data = LabelledTexts(tuple(texts), tuple(labels), tuple(rows), source.encoding)
    counts = Counter(labels)
    if len(counts) < minimum_labels:
        raise InputError(
            "All {rows:,} rows of {name} have the label {label!r}: a classifier needs at "
            "least {minimum_labels} different labels. Check the column {label_column!r}.",
            rows=len(rows),
            name=source.name,
            label=labels[0],
            minimum_labels=minimum_labels,
            label_column=label_column,
        )
    return data


@name_the_file
def read_pairs(
    path: str | Path,
    *,
    text_column: str = "text",
    positive_column: str = "positive",
    encoding: str | None = None,
) -> TextPairs:
    """Read pairs of texts that mean the same.

    Args:
        path: csv, tsv, jsonl or json, each also as gz; limits as in `read_labelled`.
        text_column: the column of the first text.
        positive_column: the column of its counterpart.
        encoding: a Python codec name, or None to tell it.

    Returns:
        The pairs with their 1-based source rows.

    Raises:
        InputError: a sentence with the row, the field and what to do.
    """
    _refuse_same_column(text_column, positive_column)
    source = read_source(path, encoding=encoding)
    if source.suffix == ".txt":
        raise InputError(
            "{name} is txt, which holds no pairs: save them as csv or jsonl with two columns.",
            name=source.name,
        )
    anchors, positives, rows = [], [], []
    for row in read_rows(source, (text_column, positive_column)):
        anchors.append(row.text(text_column))
        positives.append(row.text(positive_column))
        rows.append(row.number)
    _refuse_no_rows(source, len(rows))
    return TextPairs(tuple(anchors), tuple(positives), tuple(rows), source.encoding)


@name_the_file
def read_texts(
    path: str | Path,
    *,
    text_column: str = "text",
    encoding: str | None = None,
    on_blank: Callable[[int], None] = skip,
) -> tuple[str, ...]:
    """Read texts without labels.

    Args:
        path: txt (one text a line, blank lines left out), csv, tsv, jsonl or json, each also as gz.
        text_column: the column of the text; txt has none.
        encoding: a Python codec name, or None to tell it.
        on_blank: called with the 1-based row of each blank line, and each row of blank fields, left out.

    Returns:
        The texts in the file's order.

    Raises:
        InputError: a sentence with the row, the field and what to do.
    """
    source = read_source(path, encoding=encoding)
    if source.suffix == ".txt":
        lines = filled_lines(source, on_blank)
        pairs = [(number, check_text(number, "text", line.rstrip("\r\n"))) for number, line in lines]
    else:
        pairs = [(row.number, row.text(text_column)) for row in read_rows(source, (text_column,), on_blank)]
    _refuse_no_rows(source, len(pairs))
    refuse_blank(text_column, pairs)
    return tuple(text for _, text in pairs)


def _refuse_no_rows(source: Source, count: int) -> None:
    if not count:
        raise InputError("{name} has a header but no rows: add some.", name=source.name)


def _refuse_same_column(one: str, other: str) -> None:
    if one == other:
        raise InputError(
            "The column {column!r} is named twice, as that of the text and as that of what belongs to it: "
            "name two columns.",
            column=one,
        )
