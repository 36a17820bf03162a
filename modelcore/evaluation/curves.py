"""From any score to the probability of being right, without changing the order of the scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcore.errors import InputError

FEWEST = 20
LOGISTIC = tuple((float(x), float(1 / (1 + np.exp(-x)))) for x in np.linspace(-12, 12, 97))


@dataclass(frozen=True)
class Curve:
    """A rising line through knots.

    Args:
        knots: at least two pairs of a score and a probability in [0, 1], both strictly ascending; below the
            first and above the last knot the curve is flat.
    """

    knots: tuple[tuple[float, float], ...] = LOGISTIC

    def __call__(self, scores: ArrayLike) -> NDArray[np.float64]:
        """(n,) scores to (n,) probabilities."""
        places, heights = zip(*self.knots, strict=True)
        found: NDArray[np.float64] = np.interp(np.asarray(scores, dtype=np.float64), places, heights)
        return found

    def to_json(self) -> dict[str, Any]:
        return {"knots": [list(knot) for knot in self.knots]}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        return cls(tuple((float(score), float(probability)) for score, probability in content["knots"]))


def fit_curve(scores: ArrayLike, correct: Sequence[bool] | ArrayLike) -> Curve:
    """The rising curve that is nearest to how often scores were right.

    Isotonic regression parts the scores into blocks, whose means become knots between which the curve is
    straight, so that different scores stay different. Half an answer of each kind is added to every block:
    a few that were all right do not make certainty.

    Args:
        scores: (n,), finite, higher is surer.
        correct: (n,) whether the answer was right.

    Returns:
        The curve; the logistic one where there are fewer than FEWEST scores or they tell nothing.

    Raises:
        InputError: the lengths differ or a score is not finite.

    Source: Zadrozny and Elkan 2002, "Transforming classifier scores into accurate multiclass probability
        estimates"; straight lines: Jiang et al. 2012, "Calibrating predictive model estimates".
    """
    from sklearn.isotonic import IsotonicRegression

    found, right = np.asarray(scores, dtype=np.float64), np.asarray(correct, dtype=np.float64)
    if found.ndim != 1 or found.shape != right.shape:
        raise InputError(
            "{judgements} judgements and {scores} scores: give one of each an example.",
            judgements=right.size,
            scores=found.size,
        )
    if not np.isfinite(found).all():
        raise InputError("A score is not a finite number.")
    if len(found) < FEWEST or found.min() == found.max():
        return Curve()
    fitted = IsotonicRegression().fit_transform(found, right)
    _, blocks, counts = np.unique(fitted, return_inverse=True, return_counts=True)
    places = np.bincount(blocks, weights=found) / counts
    heights = np.maximum.accumulate((np.bincount(blocks, weights=right) + 0.5) / (counts + 1))
    return Curve(_with_ends(places, heights, found))


def _with_ends(
    places: NDArray[np.float64], heights: NDArray[np.float64], scores: NDArray[np.float64]
) -> tuple[tuple[float, float], ...]:
    """Knots that go on to 0 and 1 as far outside of the scores as these are wide."""
    width = float(scores.max() - scores.min())
    all_places = np.concatenate([[scores.min() - width], places, [scores.max() + width]])
    all_heights = np.concatenate([[0.0], heights, [1.0]])
    # Equal heights would make different scores equal.
    steps = np.linspace(0, 1e-6, len(all_heights))
    all_heights = all_heights * (1 - 1e-6) + steps
    return tuple(zip(all_places.tolist(), all_heights.tolist(), strict=True))
