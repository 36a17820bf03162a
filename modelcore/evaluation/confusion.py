"""Which label was taken for which: the pairs that occur, for a matrix grows with the square of the labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class ConfusionCell(NamedTuple):
    """So many texts of the label at `gold` were predicted as the one at `predicted`."""

    gold: int
    predicted: int
    texts: int


def cells_to_json(cells: Iterable[ConfusionCell]) -> dict[str, Any]:
    """What `confusion_cells` reads."""
    return {"cells": [list(cell) for cell in cells]}


def confusion_cells(metrics: Mapping[str, Any]) -> tuple[ConfusionCell, ...]:
    """The cells of stored metrics that are not 0, by gold and predicted label.

    Args:
        metrics: as JSON; older ones hold the whole matrix, row by row, and those of other tasks none.
    """
    stored = metrics.get("confusion") or ()
    if isinstance(stored, Mapping):
        return tuple(ConfusionCell(*cell) for cell in stored["cells"])
    return tuple(
        ConfusionCell(gold, predicted, texts)
        for gold, row in enumerate(stored)
        for predicted, texts in enumerate(row)
        if texts
    )
