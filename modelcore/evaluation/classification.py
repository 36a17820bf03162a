"""Accuracy, F1, confusion and calibration of a classifier on one labelled set."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from modelcore.errors import InputError
from modelcore.evaluation.calibration import ReliabilityBin, expected_calibration_error, reliability_bins
from modelcore.evaluation.comparison import RESAMPLES, share_interval
from modelcore.evaluation.confusion import ConfusionCell, cells_to_json


class LabelScores(TypedDict):
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class ClassificationMetrics:
    """What a classifier got right; `confusion` are the cells of the matrix that are not 0.

    `macro_f1` is the mean over the labels that occur in truth or prediction, as scikit-learn has it.
    Intervals are of 95 %: Wilson's for the accuracy, bootstrap percentiles for macro F1, moved by the
    bootstrap's bias, which grows as the texts of a label get few. `ece` is over 15 bins of equal width,
    which `reliability` holds for a chart.
    """

    count: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    macro_f1_interval: tuple[float, float]
    labels: tuple[str, ...]
    per_label: dict[str, LabelScores]
    confusion: tuple[ConfusionCell, ...]
    ece: float
    reliability: tuple[ReliabilityBin, ...]

    def to_json(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        given = asdict(self) | {"confusion": cells_to_json(self.confusion)}
        plain: dict[str, Any] = json.loads(json.dumps(given, allow_nan=False))
        return plain


def classification_metrics(
    y_true: Sequence[str], probabilities: NDArray[np.floating], labels: Sequence[str], *, seed: int = 0
) -> ClassificationMetrics:
    """Compare predicted probabilities with true labels.

    Args:
        y_true: n true labels; one that the model does not have is one that it never predicts.
        probabilities: (n, L), rows sum to 1; the predicted label is the first largest.
        labels: L different labels, in the order of the columns.
        seed: of the bootstrap.

    Returns:
        The metrics, of labels that the model does not have after those that it has; a score whose
        denominator is 0 is 0.

    Raises:
        InputError: nothing to evaluate, shapes that do not fit, or probabilities that are none.
    """
    given = np.asarray(probabilities, dtype=np.float64)
    _check(y_true, given, labels)
    labels = (*labels, *sorted(set(y_true) - set(labels)))
    places = {label: place for place, label in enumerate(labels)}
    truth = np.array([places[label] for label in y_true], dtype=np.int64)
    predicted = given.argmax(axis=1)
    correct = predicted == truth
    confidence = given[np.arange(len(truth)), predicted]
    size = len(labels)
    pairs, counts = np.unique(truth * size + predicted, return_counts=True)
    cells = tuple(map(ConfusionCell, *(part.tolist() for part in (pairs // size, pairs % size, counts))))
    hits, support, found = (_counts(part, size) for part in (truth[correct], truth, predicted))
    macro_f1 = _macro_f1(hits, support, found)
    return ClassificationMetrics(
        count=len(truth),
        accuracy=float(correct.mean()),
        accuracy_interval=share_interval(int(correct.sum()), len(correct)),
        macro_f1=macro_f1,
        macro_f1_interval=_macro_f1_interval(macro_f1, cells, size, seed),
        labels=labels,
        per_label={
            label: label_scores(*of_label)
            for label, *of_label in zip(labels, hits.tolist(), support.tolist(), found.tolist(), strict=True)
        },
        confusion=cells,
        ece=expected_calibration_error(confidence, correct),
        reliability=reliability_bins(confidence, correct),
    )


def _check(y_true: Sequence[str], probabilities: NDArray[np.float64], labels: Sequence[str]) -> None:
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


def _counts(
    places: NDArray[np.int64], size: int, texts: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Texts of each label: one a place, or as many as `texts` says."""
    return np.bincount(places, weights=texts, minlength=size).astype(np.int64)


def label_scores(hits: int, support: int, predicted: int) -> LabelScores:
    """What of `support` texts or spans with a label, and of `predicted` ones, is right."""
    return LabelScores(
        precision=hits / predicted if predicted else 0.0,
        recall=hits / support if support else 0.0,
        f1=2 * hits / (support + predicted) if support + predicted else 0.0,
        support=support,
    )


def _macro_f1(hits: NDArray[np.int64], support: NDArray[np.int64], predicted: NDArray[np.int64]) -> float:
    """Mean F1 of the labels that occur."""
    occurring = support + predicted
    return float((2 * hits / np.maximum(occurring, 1)).sum() / (occurring > 0).sum())


def _macro_f1_interval(
    macro_f1: float, cells: Sequence[ConfusionCell], size: int, seed: int
) -> tuple[float, float]:
    """Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", section 10.6, for the bias."""
    # Drawing n texts again is drawing n cells of the confusion matrix: the texts in a cell are alike.
    true, predicted, texts = np.array(cells, dtype=np.int64).T
    is_hit, total, generator = true == predicted, int(texts.sum()), np.random.default_rng(seed)
    if is_hit.all():
        return share_interval(total, total)  # no draw of these texts holds the error that the next may bring
    scores = []
    for _ in range(RESAMPLES):
        drawn = generator.multinomial(total, texts / total)
        scores.append(
            _macro_f1(
                _counts(true[is_hit], size, drawn[is_hit]),
                _counts(true, size, drawn),
                _counts(predicted, size, drawn),
            )
        )
    # Drawing again leaves out labels of few texts, sooner where all are right: what is left has a lower mean.
    low, high = np.percentile(scores, [2.5, 97.5]) + macro_f1 - np.mean(scores)
    return max(0.0, float(low)), min(1.0, float(high))
