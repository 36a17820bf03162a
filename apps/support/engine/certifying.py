"""From which confidence on a version may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.support.engine.scoring import Evidence, Scoring, confidences, scores
from modelcore.evaluation.selective import Certificate, certify_precision

TARGETS = (0.95, 0.98, 0.99)


@dataclass(frozen=True)
class Certified:
    """How a version's confidence is scored, and its certificates, one for each target in order."""

    scoring: Scoring
    certificates: tuple[Certificate, ...]


def certify(evidence: Evidence, gold: Sequence[str], *, targets: Sequence[float] = TARGETS) -> Certified:
    """Judge a version on held-out questions.

    The scoring is fitted to the same questions. It keeps the order of the scores, in which nothing is fitted,
    and a certificate depends on that order alone, so this costs no assurance.

    Args:
        evidence: of n questions that the classifier was not fitted on and that are not in the index.
        gold: n right intents; one that the classifier does not know makes the answer wrong.
        targets: wanted precisions, in (0, 1).

    Source: Platt 1999, "Probabilistic outputs for support vector machines", for the scoring.
    """
    correct = np.array([best == right for best, right in zip(evidence.best, gold, strict=True)], dtype=bool)
    scoring = _fit_scoring(evidence, correct)
    sure = confidences(evidence, scoring)
    return Certified(scoring, tuple(certify_precision(sure, correct, target=target) for target in targets))


def _fit_scoring(evidence: Evidence, correct: NDArray[np.bool_]) -> Scoring:
    """The logistic curve from scores to how often they were right; as it stands where that cannot be told."""
    from sklearn.linear_model import LogisticRegression

    found = scores(evidence)
    is_finite = np.isfinite(found)
    if len(set(correct[is_finite].tolist())) < 2:
        return Scoring()
    curve = LogisticRegression(C=np.inf).fit(found[is_finite, None], correct[is_finite])
    slope, intercept = float(curve.coef_[0, 0]), float(curve.intercept_[0])
    # A falling curve would turn the order over; there is nothing to gain from such scores then.
    return Scoring(slope, intercept) if slope > 0 else Scoring()
