"""How far chance alone could move a figure, and whether one model is better than another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcore.errors import InputError

RESAMPLES = 2_000
SURE = 0.95
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class PairedResult:
    """Accuracy of model a minus that of model b on the same texts.

    `interval` is the 95 % bootstrap percentile interval of the difference, `p_value` that of the exact,
    two-sided McNemar test.
    """

    difference: float
    interval: tuple[float, float]
    p_value: float

    @property
    def is_significant(self) -> bool:
        """Whether chance alone would seldom make them differ so much."""
        return self.p_value < SIGNIFICANT


def share_interval(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share, such as an accuracy.

    Resampling would call a model without an error on twenty texts surely perfect.

    Args:
        part: 0 to `whole`.
        whole: at least 1.

    Returns:
        Low and high, in [0, 1].

    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference"; how often it
        is right: Brown, Cai and DasGupta 2001, "Interval Estimation for a Binomial Proportion".
    """
    # scipy has the interval with a test beside it, which would be most of what a report costs.
    z = NormalDist().inv_cdf((1 + SURE) / 2)
    centre = (part + z**2 / 2) / (whole + z**2)
    reach = z * math.sqrt(part * (whole - part) / whole + z**2 / 4) / (whole + z**2)
    # At an end it is that end, which rounding may miss.
    return centre - reach if part else 0.0, centre + reach if part < whole else 1.0


def paired_significance(
    correct_a: Sequence[bool] | ArrayLike, correct_b: Sequence[bool] | ArrayLike, *, seed: int = 0
) -> PairedResult:
    """Whether two models differ on the same texts by more than chance.

    Args:
        correct_a: (n,) whether model a was right on each text.
        correct_b: (n,) the same texts in the same order, model b.
        seed: of the bootstrap.

    Returns:
        The difference a minus b with interval and p-value; a p-value of 1 where they never disagree.

    Raises:
        InputError: nothing was given, or the lengths differ.

    Source: McNemar 1947, in its exact binomial form; paired bootstrap as Efron and Tibshirani 1993.
    """
    from scipy.stats import binomtest

    right_a, right_b = _judgements(correct_a), _judgements(correct_b)
    if right_a.shape != right_b.shape:
        raise InputError(
            "Model a was judged on {texts_a:,} texts and model b on {texts_b:,}: "
            "evaluate both on the same suite.",
            texts_a=len(right_a),
            texts_b=len(right_b),
        )
    total = len(right_a)
    only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    shares = np.array([only_a, only_b, total - only_a - only_b]) / total
    drawn = np.random.default_rng(seed).multinomial(total, shares, size=RESAMPLES)
    return PairedResult(
        difference=(only_a - only_b) / total,
        interval=_percentiles((drawn[:, 0] - drawn[:, 1]) / total),
        p_value=float(binomtest(only_a, only_a + only_b).pvalue) if only_a + only_b else 1.0,
    )


def _judgements(correct: Sequence[bool] | ArrayLike) -> NDArray[np.bool_]:
    right = np.asarray(correct, dtype=np.bool_)
    if right.ndim != 1 or not len(right):
        raise InputError("There are no judged texts to compute an interval from: give at least one.")
    return right


def _percentiles(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
