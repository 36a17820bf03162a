"""How sure the engine is of an answer: what the classifier and the nearest questions say, in one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from apps.support.engine.decision import Neighbour, Ranked, Understood
from modelcore.data.normal import normalise
from modelcore.evaluation.curves import Curve

Floats = NDArray[np.float64]
# Raised when equal evidence comes to be scored otherwise, or the same text to be answered otherwise: then
# certificates are made anew.
REVISION = 7
TOP = 3
NEIGHBOURS = 10  # that are asked for
SMALLEST = 1e-6
# A neighbour that is less similar than the nearest by this part of the spread counts e times less.
VOTE_WIDTH = 0.3
# How much the neighbours' vote counts beside the classifier in choosing the intent; the rest of it counts in
# how sure the choice is.
POOLED = 0.25
# What a text costs, in log-odds, that lies a whole spread below what is near; it grows with the square.
FARNESS_WEIGHT = 4.0
# What wholly new wording costs, in log-odds, times how much it surprises: the negative logarithm of what is
# usual among the labelled questions, of which no less is believed than LEAST_USUAL.
NOVELTY_WEIGHT = 3.0
LEAST_USUAL = 0.05


@dataclass(frozen=True)
class Evidence:
    """What is known of n texts before it is judged.

    Args:
        labels: the L intents of the classifier.
        probabilities: (n, L) of the classifier, temperature-scaled.
        neighbours: n sequences of the NEIGHBOURS nearest labelled questions, the nearest first.
        novelty: (n,) how much of the wording no labelled question holds, in [0, 1].
    """

    labels: tuple[str, ...]
    probabilities: Floats
    neighbours: Sequence[Sequence[Neighbour]]
    novelty: Floats


@dataclass(frozen=True)
class Neighbourhood:
    """How the labelled questions lie among one another, which tells what a neighbour is worth.

    Args:
        near: a quarter of them are less similar than this to their nearest other one; in [-1, 1].
        spread: from the twentieth part that is least similar to its nearest to the median, above 0.
        doubt: how much of a vote says nothing of the intent, in [0, 1]; all of it where the encoder doesn't
            know the language.
        usual_novelty: three quarters of them have no more wording of their own than this share, in [0, 1].
    """

    near: float = 0.0
    spread: float = 1.0
    doubt: float = 0.05
    usual_novelty: float = 1.0


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


@dataclass(frozen=True)
class Pooled:
    """What classifier and neighbours say together of n texts.

    Args:
        labels: the L intents.
        probabilities: (n, L), each row sums to 1.
        scores: (n,) how much speaks for the most probable intent, log-odds of any scale.
    """

    labels: tuple[str, ...]
    probabilities: Floats
    scores: Floats

    @property
    def best(self) -> list[str]:
        """The most probable intent of each text."""
        return [self.labels[place] for place in self.probabilities.argmax(axis=1)]


def pool(evidence: Evidence, neighbourhood: Neighbourhood) -> Pooled:
    """The intents of each text, and how much speaks for the first of them.

    The logarithms of the classifier's probability and of the neighbours' vote add up, as for two witnesses
    who err independently: POOLED of the vote where intents are compared, the rest of it in the score. So
    where the neighbours know better, the text goes to a person. What they give to intents that the classifier
    was never taught lowers its probability itself, for of these it can't speak. A text far from everything
    loses by the square of how far, and one whose wording is newer than usual by what that tells: nothing,
    where each of the labelled questions has words of its own.

    Args:
        evidence: of n texts, over L labels.
        neighbourhood: of the index that the neighbours come from.

    Returns:
        (n, L) probabilities and (n,) scores.

    Source: Genest and Zidek 1986, "Combining probability distributions", the logarithmic opinion pool; Hinton
        2002, "Training products of experts"; Sun et al. 2022, "Out-of-distribution detection with deep
        nearest neighbors", for the distance.
    """
    shares = votes(evidence.labels, evidence.neighbours, neighbourhood.spread)
    trusted = (1 - neighbourhood.doubt) * shares + neighbourhood.doubt / len(evidence.labels)
    witnessed = np.log(trusted.clip(SMALLEST))
    added = np.log(evidence.probabilities.clip(SMALLEST)) + POOLED * witnessed
    probabilities = np.exp(added - np.logaddexp.reduce(added, axis=1, keepdims=True))
    rows, best = np.arange(len(added)), probabilities.argmax(axis=1)
    voted = np.array([len(near) > 0 for near in evidence.neighbours])
    untaught = (1 - neighbourhood.doubt) * (voted - shares.sum(axis=1)).clip(0)
    surest = (probabilities[rows, best] * (1 - untaught)).clip(SMALLEST, 1 - SMALLEST)
    nearest = np.array([near[0].similarity if near else -1.0 for near in evidence.neighbours])
    farness = (neighbourhood.near - nearest).clip(0) / neighbourhood.spread
    usual = neighbourhood.usual_novelty
    surprise = (evidence.novelty - usual).clip(0) * -np.log(max(usual, LEAST_USUAL))
    log_odds = np.log(surest) - np.log1p(-surest)
    agreed = log_odds + (1 - POOLED) * witnessed[rows, best]
    scores = agreed - FARNESS_WEIGHT * farness**2 - NOVELTY_WEIGHT * surprise
    return Pooled(evidence.labels, probabilities, scores)


def understand(texts: Sequence[str], evidence: Evidence, scoring: Scoring) -> list[Understood]:
    """Texts as the rest of the engine sees them.

    Args:
        texts: n, masked.
        evidence: of these texts.
        scoring: of the version's certificate.
    """
    pooled = pool(evidence, scoring.neighbourhood)
    confidences = scoring.curve(pooled.scores)
    best = np.argsort(-pooled.probabilities, axis=1, kind="stable")[:, :TOP]
    return [
        Understood(
            text=text,
            top=tuple(Ranked(pooled.labels[place], float(probabilities[place])) for place in places),
            neighbours=tuple(neighbours),
            confidence=0.0 if _is_denied(text, pooled.labels[places[0]], neighbours) else float(confidence),
        )
        for text, places, probabilities, neighbours, confidence in zip(
            texts, best, pooled.probabilities, evidence.neighbours, confidences, strict=True
        )
    ]


def _is_denied(text: str, intent: str, neighbours: Sequence[Neighbour]) -> bool:
    """Whether people labelled the same words, and otherwise."""
    said = normalise(text)
    same = {near.label for near in neighbours if normalise(near.text) == said}
    return bool(same) and intent not in same


def votes(labels: Sequence[str], neighbours: Sequence[Sequence[Neighbour]], spread: float) -> Floats:
    """The share of each label among the neighbours of each text, who count the more the nearer they are.

    Args:
        labels: L of them; what is labelled otherwise takes its share, and nobody gets it.
        neighbours: of n texts, the nearest first; nobody has a share where there are none.
        spread: see Neighbourhood.

    Returns:
        (n, L), each row at most 1 in sum.
    """
    shares = np.zeros((len(neighbours), len(labels)))
    columns = {label: column for column, label in enumerate(labels)}
    for row, near in enumerate(neighbours):
        similarities = np.array([one.similarity for one in near])
        weights = np.exp((similarities - similarities.max(initial=-1.0)) / (VOTE_WIDTH * spread))
        for one, weight in zip(near, weights / weights.sum(), strict=True):
            if one.label in columns:
                shares[row, columns[one.label]] += weight
    return shares
