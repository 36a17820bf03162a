"""Geometry of the charts that the server draws as SVG: numbers in, coordinates out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modelcore.evaluation import ConfusionCell

WIDTH, HEIGHT = 640.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 12.0, 12.0, 28.0
SHOWN_CONFUSIONS = 10
READABLE_LABELS = 12
# Of the map itself, beside its rows and below its columns, whose labels are slanted.
LABEL_MARGIN, LABEL_DEPTH = 0.4, 0.33


@dataclass(frozen=True)
class Tick:
    place: float
    text: str


@dataclass(frozen=True)
class LineChart:
    """One curve, for an axis tells the values of one."""

    name: str
    path: str
    last: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    x: float
    width: float
    css: str


@dataclass(frozen=True)
class Cell:
    x: float
    y: float
    opacity: float
    count: int
    gold: str
    predicted: str

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + 0.5, self.y + 0.5


@dataclass(frozen=True)
class HeatMap:
    cells: tuple[Cell, ...]
    size: int
    labels: tuple[str, ...]

    @property
    def is_small(self) -> bool:
        """Whether its labels and counts can be read when they are written beside and into its cells."""
        return self.size <= READABLE_LABELS

    @property
    def worst(self) -> list[Cell]:
        """What is taken for another most often, for a map whose labels are not written beside it."""
        wrong = [cell for cell in self.cells if cell.gold != cell.predicted]
        return sorted(wrong, key=lambda cell: -cell.count)[:SHOWN_CONFUSIONS]

    @property
    def view_box(self) -> str:
        beside, below = (LABEL_MARGIN * self.size, LABEL_DEPTH * self.size) if self.is_small else (0.0, 0.0)
        return f"{-beside:.2f} 0 {self.size + beside:.2f} {self.size + below:.2f}"

    @property
    def text_size(self) -> float:
        """In cells, such that it is as large to the eye in a map of few labels as in one of many."""
        return self.size / 24

    @property
    def gap(self) -> float:
        """Between a label and the cells that it names."""
        return self.text_size / 2

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The labels at the middle of their rows, and of their columns."""
        return tuple(Tick(place + 0.5, label) for place, label in enumerate(self.labels))


def line_chart(
    name: str, points: Sequence[tuple[float, float]], *, is_from_zero: bool = False
) -> LineChart | None:
    """Draw a curve of (x, y); None while there is no point to draw."""
    drawn = [point for point in points if math.isfinite(point[1])]
    if not drawn:
        return None
    low, high = min(x for x, _ in drawn), max(x for x, _ in drawn)
    values = [y for _, y in drawn]
    bottom, top = (0.0, max(values) or 1.0) if is_from_zero else _range(values)
    places = [f"{_scaled_x(x, low, high)} {_scaled_y(y, bottom, top)}" for x, y in drawn]
    if len(places) == 1:
        places.append(places[0])
    x_ticks = tuple(
        Tick(_scaled_x(x, low, high), f"{x:g}") for x in _round_steps(low, high) if x.is_integer()
    )
    y_ticks = tuple(Tick(_scaled_y(y, bottom, top), f"{y:g}") for y in _round_steps(bottom, top))
    return LineChart(name, "M" + " L".join(places), f"{values[-1]:.4g}", x_ticks, y_ticks)


def bars(items: Sequence[tuple[str, float, str]], whole: float | None = None) -> tuple[Bar, ...]:
    """Bars of (label, value, text) that grow from the left; `whole` fills the width, else the longest."""
    longest = whole or max((abs(value) for _, value, _ in items), default=0.0) or 1.0
    return tuple(
        Bar(label, text, 0.0, round(100 * abs(value) / longest, 2), "bar") for label, value, text in items
    )


def diverging_bars(items: Sequence[tuple[str, float, str]]) -> tuple[Bar, ...]:
    """Bars that grow from the middle: to the right for a gain, to the left for a loss."""
    longest = max((abs(value) for _, value, _ in items), default=0.0) or 1.0
    drawn = []
    for label, value, text in items:
        width = round(50 * abs(value) / longest, 2)
        drawn.append(
            Bar(label, text, 50.0 if value >= 0 else 50.0 - width, width, "gain" if value >= 0 else "loss")
        )
    return tuple(drawn)


def heat_map(confusion: Sequence[ConfusionCell], labels: Sequence[str], order: Sequence[str]) -> HeatMap:
    """One cell a pair of gold and predicted label, darker the more of the gold label's texts are in it.

    Args:
        labels: that the cells are numbered by.
        order: the same labels, and perhaps more, as they are drawn.
    """
    places = {label: place for place, label in enumerate(order)}
    totals: Counter[int] = Counter()
    for cell in confusion:
        totals[cell.gold] += cell.texts
    cells = [
        Cell(
            places[labels[x]],
            places[labels[y]],
            round(0.15 + 0.85 * count / totals[y], 3),
            count,
            labels[y],
            labels[x],
        )
        for y, x, count in confusion
    ]
    return HeatMap(tuple(cells), len(order), tuple(order))


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _round_steps(low: float, high: float) -> list[float]:
    """The multiples of 1, 2 or 5 times a power of ten from low to high, at least three of them."""
    if high <= low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / 3))
    step = max(power * factor for factor in (1, 2, 5) if power * factor <= (high - low) / 3)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{step * number:.12g}") for number in range(first, last + 1)]


def _scaled_x(x: float, low: float, high: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * ((x - low) / (high - low) if high > low else 0.5), 1)


def _scaled_y(y: float, low: float, high: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (y - low) / (high - low), 1)
