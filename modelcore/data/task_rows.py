"""Files → the rows that a task learns from or is judged by."""

from pathlib import Path

from modelcore.data.readers import read_labelled, read_pairs
from modelcore.data.sources import name_the_file, read_source
from modelcore.data.span_readers import read_spans
from modelcore.data.tables import read_rows
from modelcore.data.texts import Rows

POSITIVE = "positive"


@name_the_file
def read_task_rows(
    path: str | Path,
    task: str,
    columns: tuple[str, str] = ("text", "label"),
    *,
    encoding: str | None = None,
    is_judge: bool = False,
) -> Rows:
    """Read what a task needs.

    Args:
        path: texts with marked spans for tagging; for embedding pairs, where the file has a column `positive`
            and none of labels or this column is named as that of the labels; labelled texts else.
        task: classification, tagging or embedding.
        columns: of the text and of the label.
        encoding: a Python codec name, or None to tell it.
        is_judge: nothing learns from these rows: one label is enough, and no span need be marked.

    Raises:
        InputError: a sentence with the row, the field and what to do.
    """
    text, label = columns
    if task == "tagging":
        return read_spans(path, text_column=text, encoding=encoding, minimum_labels=0 if is_judge else 1)
    if task == "embedding" and (label == POSITIVE or _has_pairs(path, columns, encoding)):
        return read_pairs(path, text_column=text, positive_column=POSITIVE, encoding=encoding)
    minimum = 1 if is_judge else 2
    return read_labelled(
        path, text_column=text, label_column=label, encoding=encoding, minimum_labels=minimum
    )


def _has_pairs(path: str | Path, columns: tuple[str, str], encoding: str | None) -> bool:
    text, label = columns
    first = next(read_rows(read_source(path, encoding=encoding), (text,)), None)
    return first is not None and POSITIVE in first.values and label not in first.values
