"""Rows of a data set as stored bytes and back."""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from apps.registry import store
from apps.registry.models import Dataset
from modelcore import data as rows_of
from modelcore.data import LabelledTexts, Rows, SpanTexts, TextPairs

LABELLED, SPANS, PAIRS = "labelled", "spans", "pairs"
_SHAPES: dict[str, type[Rows]] = {LABELLED: LabelledTexts, SPANS: SpanTexts, PAIRS: TextPairs}


def format_of(data: Rows) -> str:
    if isinstance(data, LabelledTexts):
        return LABELLED
    return SPANS if isinstance(data, SpanTexts) else PAIRS


def to_bytes(data: Rows) -> bytes:
    lines = (json.dumps(row, ensure_ascii=False) for row in _rows(data))
    return ("\n".join(lines) + "\n").encode()


def rows_in(dataset: Dataset) -> Rows:
    """The data set's rows as they were imported, but for erased ones, which may be all.

    Raises:
        ContentLostError: the store lost or damaged them.
    """
    if not dataset.rows:  # a reader of files takes such a one for a mistake
        return _SHAPES[dataset.format]((), ())
    content = store.DATASET_ROWS.read(dataset.content)
    with tempfile.TemporaryDirectory(prefix="berth-dataset-") as folder:
        path = Path(folder) / "rows.jsonl"
        path.write_bytes(content)
        if dataset.format == SPANS:
            return rows_of.read_spans(path)
        if dataset.format == PAIRS:
            return rows_of.read_pairs(path)
        # A suite that has begun to grow may hold one label; what is fitted on was checked when it came.
        return rows_of.read_labelled(path, minimum_labels=1)


def _rows(data: Rows) -> Iterable[dict[str, Any]]:
    if isinstance(data, LabelledTexts):
        return ({"text": t, "label": y} for t, y in zip(data.texts, data.labels, strict=True))
    if isinstance(data, TextPairs):
        return ({"text": a, "positive": p} for a, p in zip(data.anchors, data.positives, strict=True))
    # A tagger's validation rows must not come from the templates that it learns from.
    groups = data.groups or ("",) * len(data.texts)
    return (
        {
            "text": text,
            "spans": [{"start": s.start, "end": s.end, "label": s.label} for s in spans],
            **({"group": group} if group else {}),
        }
        for text, spans, group in zip(data.texts, data.spans, groups, strict=True)
    )
