"""The arithmetic of reports: shares that add up, and how far chance could move them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from modelcore.evaluation import share_interval
from modelcore.evaluation.comparison import SURE


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, with its 95 % interval; all None where there is nothing to divide by."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return share_interval(self.part, self.whole) if self.whole else None


@dataclass(frozen=True)
class Sample:
    """How many values there are, with their mean and the variance of them as a sample."""

    count: int
    mean: float | None
    variance: float | None


@dataclass(frozen=True)
class Difference:
    """A share or mean with the bot minus the same without, and the 95 % interval."""

    value: float
    low: float
    high: float


def exact_shares(counts: Mapping[str, int]) -> dict[str, Decimal]:
    """Percentages with one decimal place that sum to exactly 100, each within .1 of the true one.

    Args:
        counts: how many of each kind, at least 0.
    Returns:
        A percentage for each kind; all 0 where there is nothing to share.
    Source: the method of largest remainders (Hamilton).
    """
    total = sum(counts.values())
    if not total:
        return dict.fromkeys(counts, Decimal("0.0"))
    tenths = {kind: count * 1000 // total for kind, count in counts.items()}
    left = 1000 - sum(tenths.values())
    by_remainder = sorted(counts, key=lambda kind: (-(counts[kind] * 1000 % total), kind))
    for kind in by_remainder[:left]:
        tenths[kind] += 1
    return {kind: Decimal(number).scaleb(-1) for kind, number in tenths.items()}


def share_difference(treated: Share, control: Share) -> Difference | None:
    """The first share minus the second.

    Args:
        treated: with the bot.
        control: without it.
    Returns:
        In [-1, 1], with the 95 % interval; None where either has nothing to divide by.
    Source: Newcombe, Interval estimation for the difference between independent proportions, 1998, method 10.
    """
    first, second = treated.value, control.value
    if first is None or second is None:
        return None
    low1, high1 = share_interval(treated.part, treated.whole)
    low2, high2 = share_interval(control.part, control.whole)
    value = first - second
    return Difference(
        value,
        value - math.hypot(first - low1, high2 - second),
        value + math.hypot(high1 - first, second - low2),
    )


def mean_difference(treated: Sample, control: Sample) -> Difference | None:
    """The first mean minus the second.

    Args:
        treated: of values with the bot.
        control: of values without it, in the same unit.
    Returns:
        In that unit, with the 95 % interval; None with fewer than two values on either side, or where on
        neither side two differ: what chance does to them is not seen.
    Source: Welch, The generalization of Student's problem, 1947.
    """
    if treated.mean is None or treated.variance is None or control.mean is None or control.variance is None:
        return None
    from scipy.stats import t

    parts = treated.variance / treated.count, control.variance / control.count
    error = math.sqrt(sum(parts))
    value = treated.mean - control.mean
    if not error:
        return None
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (treated.count - 1) + parts[1] ** 2 / (control.count - 1))
    reach = float(t.ppf((1 + SURE) / 2, freedom)) * error
    return Difference(value, value - reach, value + reach)
