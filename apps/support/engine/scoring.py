"""How sure the engine is of an answer: what the classifier and the nearest questions say, in one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from apps.support.engine.decision import Neighbour, Ranked, Understood

Floats = NDArray[np.float64]
TOP = 3
NEIGHBOURS = 10  # that are asked for
# A neighbour that is so much less similar than another counts e times less.
VOTE_WIDTH = 0.05
SMALLEST = 1e-6
# Of the vote and of the nearness against the classifier's log-odds.
VOTE_WEIGHT = 1.0
NEARNESS_WEIGHT = 8.0


@dataclass(frozen=True)
class Evidence:
    """What is known of n texts before it is judged.

    Args:
        labels: the L intents of the classifier.
        probabilities: (n, L) of the classifier, temperature-scaled.
        neighbours: n sequences of the NEIGHBOURS nearest labelled questions, the nearest first.
    """

    labels: tuple[str, ...]
    probabilities: Floats
    neighbours: Sequence[Sequence[Neighbour]]

    @property
    def best(self) -> list[str]:
        """The most probable intent of each text."""
        return [self.labels[place] for place in self.probabilities.argmax(axis=1)]


@dataclass(frozen=True)
class Scoring:
    """What turns a score into a probability of being right; kept with the certificates made on it."""

    slope: float = 1.0
    intercept: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        return cls(**content)


def scores(evidence: Evidence) -> Floats:
    """(n,) sums of evidence that the best intent is right: log-odds of the classifier, vote and nearness of
    the labelled questions; minus infinity where no near question has the best intent: the two disagree."""
    surest = evidence.probabilities.max(axis=1).clip(SMALLEST, 1 - SMALLEST)
    log_odds = np.log(surest) - np.log1p(-surest)
    judged = zip(evidence.best, evidence.neighbours, strict=True)
    votes = np.array([_vote(label, near) for label, near in judged]).reshape(-1, 2)
    with np.errstate(divide="ignore"):
        agreement = np.log(votes[:, 0])
    total: Floats = log_odds + VOTE_WEIGHT * agreement + NEARNESS_WEIGHT * votes[:, 1]
    return total


def confidences(evidence: Evidence, scoring: Scoring) -> Floats:
    """(n,) probabilities in [0, 1] that answering with the best intent is right."""
    with np.errstate(over="ignore"):
        sure: Floats = 1 / (1 + np.exp(-(scoring.slope * scores(evidence) + scoring.intercept)))
    return sure


def understand(text: str, evidence: Evidence, scoring: Scoring, *, row: int = 0) -> Understood:
    """One text as the rest of the engine sees it.

    Args:
        text: masked.
        evidence: of this text, or of several with this one at `row`.
        scoring: of the version's certificate.
        row: the text's place in the evidence.
    """
    one = Evidence(evidence.labels, evidence.probabilities[row : row + 1], evidence.neighbours[row : row + 1])
    probabilities = evidence.probabilities[row]
    best = np.argsort(-probabilities, kind="stable")[:TOP]
    return Understood(
        text=text,
        top=tuple(Ranked(evidence.labels[place], float(probabilities[place])) for place in best),
        neighbours=tuple(evidence.neighbours[row]),
        confidence=float(confidences(one, scoring)[0]),
    )


def _vote(label: str, near: Sequence[Neighbour]) -> tuple[float, float]:
    """The share of a label in the vote of the neighbours, and how similar the nearest one of it is."""
    if not near:
        return 0.0, 0.0
    similarities = np.array([one.similarity for one in near])
    is_label = np.array([one.label == label for one in near])
    weights = np.exp((similarities - similarities.max()) / VOTE_WIDTH)
    share = float(weights[is_label].sum() / weights.sum())
    return share, float(similarities[is_label].max(initial=0.0))
