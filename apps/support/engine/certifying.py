"""From which confidence on a version may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.support.engine.decision import TARGETS
from apps.support.engine.scoring import Evidence, Neighbourhood, Scoring, pool
from modelcore.evaluation.curves import fit_curve
from modelcore.evaluation.selective import Certificate, certify_precision

# Less sure than nearly all known questions are, a question is more likely none of them: where the known ones
# are easy, a target alone would let all of that through.
MOST_ANSWERED = 0.97


@dataclass(frozen=True)
class Certified:
    """How a version's confidence is scored, and its certificates, one for each target in order."""

    scoring: Scoring
    certificates: tuple[Certificate, ...]


def certify(
    evidence: Evidence,
    gold: Sequence[str],
    neighbourhood: Neighbourhood,
    *,
    targets: Sequence[float] = TARGETS,
) -> Certified:
    """Judge a version on held-out questions.

    The curve from scores to confidences is fitted to the same questions. It keeps the order of the scores, in
    which nothing is fitted to them, and a certificate depends on that order alone: this costs no assurance.

    Args:
        evidence: of n questions that the classifier was not fitted on and that are not in the index.
        gold: n right intents; one that the classifier does not know makes the answer wrong.
        neighbourhood: of that index, `Nearest.neighbourhood`.
        targets: wanted precisions, in (0, 1).
    """
    pooled = pool(evidence, neighbourhood)
    correct = np.array([best == right for best, right in zip(pooled.best, gold, strict=True)], dtype=bool)
    scoring = Scoring(neighbourhood, fit_curve(pooled.scores, correct))
    sure = scoring.curve(pooled.scores)
    return Certified(scoring, tuple(certify_answers(sure, correct, target=target) for target in targets))


def certify_answers(sure: NDArray[np.float64], correct: NDArray[np.bool_], *, target: float) -> Certificate:
    """`certify_precision` for a bot, which is also asked what nobody taught it."""
    return certify_precision(sure, correct, target=target, most=MOST_ANSWERED)
