"""Whether a confidence of 80 % is right 80 % of the time, and the one number that mends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcore.errors import InputError

BINS = 15
TEMPERATURE_BOUNDS = (0.05, 20.0)
# Of the log-temperature before a text was seen: two times out of three within a factor e of none.
PRIOR_DEVIATION = 1.0


@dataclass(frozen=True)
class ReliabilityBin:
    """The predictions with a confidence in (low, high]; both means are 0 in an empty bin."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float

    def to_json(self) -> dict[str, Any]:
        return {
            "low": self.low,
            "high": self.high,
            "count": self.count,
            "confidence": self.confidence,
            "accuracy": self.accuracy,
        }


def reliability_bins(
    confidence: ArrayLike, correct: Sequence[bool] | ArrayLike, *, bins: int = BINS
) -> tuple[ReliabilityBin, ...]:
    """Sort predictions into bins of equal width by confidence.

    Args:
        confidence: (n,) probability of the predicted label, in [0, 1].
        correct: (n,) whether the prediction was right.
        bins: number of bins of width 1 / bins.

    Returns:
        All bins, the lowest first, the empty ones too.

    Raises:
        InputError: nothing was given, the lengths differ, or a confidence is outside [0, 1].
    """
    sure = np.asarray(confidence, dtype=np.float64)
    right = np.asarray(correct, dtype=np.float64)
    if sure.ndim != 1 or sure.shape != right.shape or not len(sure):
        raise InputError(
            "{judgements} judgements and {confidences} confidences: give one of each a prediction.",
            judgements=right.size,
            confidences=sure.size,
        )
    # Softmax in float32 sums to 1 only to the seventh digit.
    if not ((sure >= -1e-6) & (sure <= 1 + 1e-6)).all():
        raise InputError("A confidence lies outside 0 to 1: give probabilities, not logits.")
    place = np.clip(np.ceil(sure * bins).astype(np.int64) - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    divisor = np.maximum(counts, 1)
    mean_sure = np.bincount(place, weights=sure, minlength=bins) / divisor
    mean_right = np.bincount(place, weights=right, minlength=bins) / divisor
    edges = np.arange(bins + 1) / bins
    measured = zip(edges[:-1], edges[1:], counts, mean_sure, mean_right, strict=True)
    return tuple(
        ReliabilityBin(float(low), float(high), int(count), float(mean), float(accuracy))
        for low, high, count, mean, accuracy in measured
    )


def expected_calibration_error(
    confidence: ArrayLike, correct: Sequence[bool] | ArrayLike, *, bins: int = BINS
) -> float:
    """The mean distance of confidence from accuracy over bins of equal width, weighted by their counts.

    Args:
        confidence: (n,) probability of the predicted label, in [0, 1].
        correct: (n,) whether the prediction was right.
        bins: number of bins of width 1 / bins; 15 as in the source.

    Returns:
        In [0, 1], 0 is best.

    Raises:
        InputError: as `reliability_bins`.

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3.
    """
    filled = reliability_bins(confidence, correct, bins=bins)
    total = sum(part.count for part in filled)
    return sum(part.count * abs(part.confidence - part.accuracy) for part in filled) / total


def softmax(logits: ArrayLike, *, temperature: float = 1.0) -> NDArray[np.float64]:
    """Probabilities from logits divided by a temperature.

    Args:
        logits: (..., L).
        temperature: above 0; larger is less sure.

    Returns:
        (..., L), summing to 1 over the last axis.
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    scaled = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    total: NDArray[np.float64] = scaled / scaled.sum(axis=-1, keepdims=True)
    return total


def fit_temperature(logits: ArrayLike, y: Sequence[int] | ArrayLike) -> float:
    """The temperature that makes the true labels most likely, and is itself likely; it changes no prediction.

    Where no text is wrong, the labels alone want a temperature of 0 and all confidences at 1, however few the
    texts are; a prior that weighs as much as one text holds against it. Of 300 texts with errors it changes
    the temperature by less than a hundredth.

    Args:
        logits: (n, L), of texts that the model was not trained on.
        y: (n,) index of the true label, in [0, L).

    Returns:
        In [0.05, 20]; probabilities are softmax(logits / temperature).

    Raises:
        InputError: nothing was given, the lengths differ, a logit is not finite, or an index is out of range.

    Source: Guo et al. 2017, section 4.2: least negative log-likelihood, here sought over log-temperature and
    with a normal prior on it, so that it is the maximum a posteriori.
    """
    from scipy.optimize import minimize_scalar

    scores = np.asarray(logits, dtype=np.float64)
    truth = np.asarray(y, dtype=np.int64)
    if scores.ndim != 2 or truth.shape != scores.shape[:1] or not len(truth):
        raise InputError(
            "Logits of shape {shape} and {labels} labels: give a row of logits for each.",
            shape=scores.shape,
            labels=truth.size,
        )
    if not np.isfinite(scores).all():
        raise InputError("A logit is not a finite number: the model's weights are broken; train it again.")
    if truth.min() < 0 or truth.max() >= scores.shape[1]:
        raise InputError("A label's index lies outside 0 to {highest}.", highest=scores.shape[1] - 1)
    own = scores[np.arange(len(truth)), truth]
    largest = scores.max(axis=1)

    def loss(log_temperature: float) -> float:
        inverse = np.exp(-log_temperature)
        spread = np.log(np.exp((scores - largest[:, None]) * inverse).sum(axis=1))
        prior = (log_temperature / PRIOR_DEVIATION) ** 2 / 2
        return float(np.mean((largest - own) * inverse + spread) + prior / len(truth))

    found = minimize_scalar(loss, bounds=tuple(np.log(TEMPERATURE_BOUNDS)), method="bounded")
    return float(np.exp(found.x))
