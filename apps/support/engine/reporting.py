"""The arithmetic of reports: shares that add up, and how far chance could move them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

SURE = 0.95


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
        return wilson(self.part, self.whole) if self.whole else None


@dataclass(frozen=True)
class Difference:
    """A share or mean with the bot minus the same without, and the 95 % interval."""

    value: float
    low: float
    high: float


def exact_shares(counts: Mapping[str, int], *, places: int = 1) -> dict[str, Decimal]:
    """Percentages that sum to exactly 100, each within a unit of the last place of the true one.

    Args:
        counts: how many of each kind, at least 0.
        places: decimal places.
    Returns:
        A percentage for each kind; all 0 where there is nothing to share.
    Source: the method of largest remainders (Hamilton).
    """
    unit = Decimal(1).scaleb(-places)
    total = sum(counts.values())
    if not total:
        return {kind: Decimal(0).quantize(unit) for kind in counts}
    units = 100 * 10**places
    whole = {kind: count * units // total for kind, count in counts.items()}
    left = units - sum(whole.values())
    by_remainder = sorted(counts, key=lambda kind: (-(counts[kind] * units % total), kind))
    for kind in by_remainder[:left]:
        whole[kind] += 1
    return {kind: (Decimal(number) * unit).quantize(unit) for kind, number in whole.items()}


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share.

    Args:
        part: 0 to `whole`.
        whole: at least 1.
    Source: Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    from scipy.stats import binomtest

    found = binomtest(part, whole).proportion_ci(SURE, method="wilson")
    return float(found.low), float(found.high)


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
    (low1, high1), (low2, high2) = wilson(treated.part, treated.whole), wilson(control.part, control.whole)
    value = first - second
    return Difference(
        value,
        value - math.hypot(first - low1, high2 - second),
        value + math.hypot(high1 - first, second - low2),
    )


def mean_difference(treated: Sequence[float], control: Sequence[float]) -> Difference | None:
    """The first mean minus the second.

    Args:
        treated: values with the bot.
        control: values without it, in the same unit.
    Returns:
        In that unit, with the 95 % interval; None with fewer than two values on either side.
    Source: Welch, The generalization of Student's problem, 1947.
    """
    if min(len(treated), len(control)) < 2:
        return None
    from scipy.stats import t

    first, second = np.asarray(treated, dtype=float), np.asarray(control, dtype=float)
    parts = first.var(ddof=1) / len(first), second.var(ddof=1) / len(second)
    error = math.sqrt(sum(parts))
    value = float(first.mean() - second.mean())
    if not error:
        return Difference(value, value, value)
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(second) - 1))
    reach = float(t.ppf((1 + SURE) / 2, freedom)) * error
    return Difference(value, value - reach, value + reach)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value that this share of the values does not exceed, interpolated linearly.

    Args:
        values: of any unit.
        share: in [0, 1].
    Returns:
        In the values' unit; None where there are no values.
    """
    return float(np.quantile(np.asarray(values, dtype=float), share)) if values else None


def risk_points(judged: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(coverage, risk) in per cent where the threshold falls from the surest decision to the least sure.

    Args:
        judged: confidence in [0, 1], and whether the intent was right.
    """
    if not judged:
        return []
    order = sorted(judged, key=lambda one: -one[0])
    points, wrong = [], 0
    for count, (confidence, is_right) in enumerate(order, start=1):
        wrong += not is_right
        if count == len(order) or order[count][0] < confidence:  # equal confidences go together
            points.append((100 * count / len(order), 100 * wrong / count))
    return points
