"""From any score to the probability of being right, without changing the order of the scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcore.errors import InputError

FEWEST = 20
# Of the deviation that chance gives a block's mean: so much people see of which answer in it is surer. Half
# of BANKING77's test, judged by a curve of the other half, has a calibration error of .012 so, as with flat
# blocks, .0135 with a whole deviation and .014 with straight lines between the means.
RISE = 0.25
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

    Isotonic regression parts the scores into blocks. Over each the curve rises a little and between two it is
    straight, so that different scores stay different. Half an answer of each kind is added to every block: a
    few that were all right do not make certainty.

    Args:
        scores: (n,), finite, higher is surer.
        correct: (n,) whether the answer was right.

    Returns:
        The curve; the logistic one where there are fewer than FEWEST scores or they tell nothing.

    Raises:
        InputError: the lengths differ or a score is not finite.

    Source: Zadrozny and Elkan 2002, "Transforming classifier scores into accurate multiclass probability
        estimates".
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
    heights = np.maximum.accumulate((np.bincount(blocks, weights=right) + 0.5) / (counts + 1))
    rises = RISE * np.sqrt(heights * (1 - heights) / (counts + 1))
    return Curve(_knots(found, blocks, heights, rises))


def _knots(
    scores: NDArray[np.float64],
    blocks: NDArray[np.intp],
    heights: NDArray[np.float64],
    rises: NDArray[np.float64],
) -> tuple[tuple[float, float], ...]:
    """Both ends of each block, a rise below and above its height but no nearer to another block's; on to 0
    and 1 as far outside of the scores as these are wide."""
    first, last = np.full((2, len(heights)), [[np.inf], [-np.inf]])
    np.minimum.at(first, blocks, scores)
    np.maximum.at(last, blocks, scores)
    halfway = (np.append(0.0, heights) + np.append(heights, 1.0)) / 2
    low, high = np.maximum(heights - rises, halfway[:-1]), np.minimum(heights + rises, halfway[1:])
    is_wide = first < last
    kept = np.column_stack([is_wide, np.ones_like(is_wide)])
    places = np.column_stack([first, last])[kept]
    inside = np.column_stack([low, np.where(is_wide, high, heights)])[kept]
    width = places[-1] - places[0]
    all_places = np.concatenate([[places[0] - width], places, [places[-1] + width]])
    # Equal heights would make different scores equal.
    steps = np.linspace(0, 1e-6, len(all_places))
    all_heights = np.concatenate([[0.0], inside, [1.0]]) * (1 - 1e-6) + steps
    return tuple(zip(all_places.tolist(), all_heights.tolist(), strict=True))
