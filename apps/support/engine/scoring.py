"""How sure the engine is of an answer: what the classifier and the nearest questions say, in one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from apps.support.engine.decision import Neighbour, Ranked, Understood
from modelcore.evaluation.curves import Curve

Floats = NDArray[np.float64]
# Raised when equal evidence comes to be scored otherwise: then certificates are made anew.
REVISION = 2
TOP = 3
NEIGHBOURS = 10  # that are asked for
SMALLEST = 1e-6
# A neighbour that is less similar than the nearest by this part of the spread counts e times less.
VOTE_WIDTH = 0.3
# What a text costs, in log-odds, that lies a whole spread below what is near; it grows with the square.
FARNESS_WEIGHT = 4.0


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
class Neighbourhood:
    """How the labelled questions lie among one another, which tells what a neighbour is worth.

    Args:
        near: a quarter of them are less similar than this to their nearest other one; in [-1, 1].
        spread: from the twentieth part that is least similar to its nearest to the median, above 0.
        doubt: how much of a vote says nothing of the intent, in [0, 1]; all of it where the encoder doesn't
            know the language.
    """

    near: float = 0.0
    spread: float = 1.0
    doubt: float = 0.05


@dataclass(frozen=True)
class Scoring:
    """What turns evidence into a probability of being right; kept with the certificates made on it.

    Args:
        neighbourhood: of the index that the neighbours come from.
        curve: from scores to probabilities, rising.
    """

    neighbourhood: Neighbourhood = field(default_factory=Neighbourhood)
    curve: Curve = field(default_factory=Curve)

    def to_json(self) -> dict[str, Any]:
        return {"neighbourhood": asdict(self.neighbourhood), "curve": self.curve.to_json()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        return cls(Neighbourhood(**content["neighbourhood"]), Curve.from_json(content["curve"]))


def scores(evidence: Evidence, neighbourhood: Neighbourhood) -> Floats:
    """How much speaks for the best intent of each text.

    The classifier's log-odds and the logarithm of the neighbours' vote add up, as for two witnesses who err
    independently; so where the neighbours know better the text goes to a person. A text far from everything
    loses by the square of how far.

    Returns:
        (n,) log-odds, of any scale.

    Source: Hinton 2002, "Training products of experts", for the sum; Sun et al. 2022, "Out-of-distribution
        detection with deep nearest neighbors", for the distance.
    """
    surest = evidence.probabilities.max(axis=1).clip(SMALLEST, 1 - SMALLEST)
    log_odds = np.log(surest) - np.log1p(-surest)
    judged = zip(evidence.best, evidence.neighbours, strict=True)
    votes = np.array([vote(label, near, neighbourhood.spread) for label, near in judged])
    trusted = (1 - neighbourhood.doubt) * votes + neighbourhood.doubt / len(evidence.labels)
    nearest = np.array([near[0].similarity if near else -1.0 for near in evidence.neighbours])
    farness = (neighbourhood.near - nearest).clip(0) / neighbourhood.spread
    total: Floats = log_odds + np.log(trusted.clip(SMALLEST)) - FARNESS_WEIGHT * farness**2
    return total


def confidences(evidence: Evidence, scoring: Scoring) -> Floats:
    """(n,) probabilities in [0, 1] that answering with the best intent is right."""
    return scoring.curve(scores(evidence, scoring.neighbourhood))


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


def vote(label: str, neighbours: Sequence[Neighbour], spread: float) -> float:
    """The share of a label among neighbours, the nearest first, who count the more the nearer they are."""
    if not neighbours:
        return 0.0
    similarities = np.array([one.similarity for one in neighbours])
    weights = np.exp((similarities - similarities[0]) / (VOTE_WIDTH * spread))
    return float(weights[[one.label == label for one in neighbours]].sum() / weights.sum())
