"""Accuracy, F1, confusion and calibration of a classifier on one labelled set."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from modelcore.errors import InputError
from modelcore.evaluation.calibration import ReliabilityBin, expected_calibration_error, reliability_bins
from modelcore.evaluation.comparison import RESAMPLES, bootstrap_interval


class LabelScores(TypedDict):
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class ClassificationMetrics:
    """What a classifier got right; `confusion[i][j]` counts texts of label i that were predicted as label j.

    `macro_f1` is the mean over the labels that occur in truth or prediction, as scikit-learn has it.
    Intervals are 95 % bootstrap percentiles. `ece` is over 15 bins of equal width, which `reliability`
    holds for a chart.
    """

    count: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    macro_f1_interval: tuple[float, float]
    labels: tuple[str, ...]
    per_label: dict[str, LabelScores]
    confusion: tuple[tuple[int, ...], ...]
    ece: float
    reliability: tuple[ReliabilityBin, ...]

    def to_json(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), allow_nan=False))
        return plain


def classification_metrics(
    y_true: Sequence[str], probabilities: NDArray[np.floating], labels: Sequence[str], *, seed: int = 0
) -> ClassificationMetrics:
    """Compare predicted probabilities with true labels.

    Args:
        y_true: n true labels.
        probabilities: (n, L), rows sum to 1; the predicted label is the first largest.
        labels: L different labels, in the order of the columns.
        seed: of the bootstrap.

    Returns:
        The metrics; a score whose denominator is 0 is 0.

    Raises:
        InputError: nothing to evaluate, shapes that do not fit, probabilities that are none, or a true label
            that the model does not have.
    """
    given = np.asarray(probabilities, dtype=np.float64)
    truth = _indices(y_true, given, labels)
    predicted = given.argmax(axis=1)
    correct = predicted == truth
    confidence = given[np.arange(len(truth)), predicted]
    size = len(labels)
    confusion = np.bincount(truth * size + predicted, minlength=size * size).reshape(size, size)
    return ClassificationMetrics(
        count=len(truth),
        accuracy=float(correct.mean()),
        accuracy_interval=bootstrap_interval(correct, seed),
        macro_f1=float(_macro_f1(confusion.diagonal(), confusion.sum(axis=1), confusion.sum(axis=0))),
        macro_f1_interval=_macro_f1_interval(confusion, seed),
        labels=tuple(labels),
        per_label={label: _scores(confusion, i) for i, label in enumerate(labels)},
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        ece=expected_calibration_error(confidence, correct),
        reliability=reliability_bins(confidence, correct),
    )


def _indices(
    y_true: Sequence[str], probabilities: NDArray[np.float64], labels: Sequence[str]
) -> NDArray[np.int64]:
    if not y_true:
        raise InputError("There are no texts to evaluate on: give at least one.")
    if probabilities.shape != (len(y_true), len(labels)):
        raise InputError(
            "The probabilities have the shape {shape}: {texts} texts by {labels} labels are needed.",
            shape=probabilities.shape,
            texts=len(y_true),
            labels=len(labels),
        )
    if not np.allclose(probabilities.sum(axis=1), 1, atol=1e-3):
        raise InputError("The rows of the probabilities do not sum to 1: give probabilities, not logits.")
    places = {label: index for index, label in enumerate(labels)}
    unknown = sorted(set(y_true) - set(places))
    if unknown:
        raise InputError(
            "The model does not have the label {unknown}: remove those rows, or train with them.",
            unknown=", ".join(unknown[:5]) + (", …" if len(unknown) > 5 else ""),
        )
    return np.array([places[label] for label in y_true], dtype=np.int64)


def _scores(confusion: NDArray[np.int64], index: int) -> LabelScores:
    hits = int(confusion[index, index])
    support, predicted = int(confusion[index].sum()), int(confusion[:, index].sum())
    return LabelScores(
        precision=hits / predicted if predicted else 0.0,
        recall=hits / support if support else 0.0,
        f1=2 * hits / (support + predicted) if support + predicted else 0.0,
        support=support,
    )


def _macro_f1(
    hits: NDArray[np.int64], support: NDArray[np.int64], predicted: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Mean F1 over the last axis, of the labels that occur."""
    occurring = support + predicted
    f1 = 2 * hits / np.maximum(occurring, 1)
    mean: NDArray[np.float64] = f1.sum(axis=-1) / (occurring > 0).sum(axis=-1)
    return mean


def _macro_f1_interval(confusion: NDArray[np.int64], seed: int) -> tuple[float, float]:
    # Drawing n texts again is drawing n cells of the confusion matrix: the texts in a cell are alike.
    size, total = len(confusion), int(confusion.sum())
    true, predicted = np.nonzero(confusion)
    share = confusion[true, predicted] / total
    drawn = np.random.default_rng(seed).multinomial(total, share, size=RESAMPLES)
    of_true = np.eye(size, dtype=np.int64)[true]
    of_predicted = np.eye(size, dtype=np.int64)[predicted]
    scores = _macro_f1(drawn @ (of_true * of_predicted), drawn @ of_true, drawn @ of_predicted)
    low, high = np.percentile(scores, [2.5, 97.5])
    return float(low), float(high)
