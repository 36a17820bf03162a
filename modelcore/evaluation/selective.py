"""When to answer: thresholds on a confidence with a guarantee, and what answering less brings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcore.errors import InputError
from modelcore.sentence import Sentence

ASSURANCE = 0.95
# Coverages at which the sequence of tests may begin, each with its share of the error rate. Half of the
# examples let so many errors pass that chance seldom ends the sequence at once; the others are for models
# that are right often enough of fewer only, and for the chance that it did end.
MAIN_START = 0.5
STARTS = {0.25: 0.1, MAIN_START: 0.8, 0.75: 0.1}
STEPS = 200
NONE = Sentence.of("")


@dataclass(frozen=True)
class Certificate:
    """From which confidence on answers are right often enough.

    Args:
        target: precision that is wanted among the answered, in (0, 1).
        threshold: answer where the confidence is this or more; None where nothing could be certified.
        examples: that it was calibrated on.
        answered: of these, how many reach the threshold; 0 without one.
        errors: of the answered, how many were wrong.
        precision_at_least: one-sided lower limit of the precision of the answered; None without a threshold.
        reason: why there is no threshold; empty where there is one.
        assurance: probability over calibration data that the precision is at least the target.
    """

    target: float
    threshold: float | None
    examples: int
    answered: int = 0
    errors: int = 0
    precision_at_least: float | None = None
    reason: Sentence = NONE
    assurance: float = ASSURANCE

    @property
    def coverage(self) -> float:
        """Share of the calibration examples that are answered."""
        return self.answered / self.examples if self.examples else 0.0

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "reason": self.reason.to_json(), "coverage": self.coverage}


@dataclass(frozen=True)
class RiskCoverage:
    """Share of errors among the answered by how much is answered, the surest first.

    Args:
        coverage: m shares of the examples, ascending to 1, one for each different confidence.
        risk: m shares of errors among those answered.
        area: the mean risk over all coverages (AURC), in [0, 1], 0 is best.
    """

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float

    def to_json(self) -> dict[str, Any]:
        return {"coverage": list(self.coverage), "risk": list(self.risk), "area": self.area}


def certify_precision(
    confidence: ArrayLike, correct: Sequence[bool] | ArrayLike, *, target: float, most: float = 1.0
) -> Certificate:
    """The lowest threshold above which the precision is at least the target, with ASSURANCE.

    Hypotheses "the precision above this confidence is below the target" are tested from strict to lenient,
    at ranks of the confidence that are fixed by the number of examples alone. Each has the exact binomial
    p-value of the errors above it: given the confidence of the example at the rank, those above it are
    independent draws. The error rate 1 - ASSURANCE is shared by the STARTS, and whoever rejects hands what it
    had to the next rank (fallback procedure), so that the lowest rejected threshold is right with the
    assurance although it was chosen after looking, provided that the precision does not rise as the
    threshold falls.

    Args:
        confidence: (n,) in [0, 1]; of examples that neither the model nor the confidence was fitted on.
        correct: (n,) whether the answer would have been right.
        target: in (0, 1).
        most: share of the examples that is answered at most, in (0, 1], though the target may bear more;
            exceeded where fewer would not do to certify at all.

    Returns:
        The certificate, without a threshold where the data do not suffice.

    Raises:
        InputError: the lengths differ, or a confidence or the target is out of range.

    Source: Angelopoulos et al. 2021, "Learn then Test", section 2.2 (fixed sequence testing, here with
        Clopper and Pearson's 1934 exact limits); Wiens and Dmitrienko 2005, "The fallback procedure".
    """
    sure, right = _ordered(confidence, correct)
    if not 0 < target < 1:
        raise InputError("The target is {target}: it must lie between 0 and 1.", target=target)
    examples, needed = len(sure), fewest_examples(target)
    if examples < needed:
        too_few = Sentence(
            "{examples} held-out examples are too few: a precision of {target:.0%} takes at least {needed}, "
            "all of them answered right.",
            examples=examples,
            target=target,
            needed=needed,
        )
        return Certificate(target, None, examples, reason=too_few)
    enough = max(needed, round(most * examples))
    counts = _counts_above(sure, needed, enough)
    errors = np.concatenate(([0], np.cumsum(~right)))[counts]
    rejected = _fallback(counts, errors, target=target, error_rate=1 - ASSURANCE)
    if not rejected:
        unsure = Sentence(
            "No confidence was shown to be right {target:.0%} of the time: wrong answers to the surest "
            "{answered} of {examples} held-out examples: {errors}.",
            target=target,
            answered=int(counts[0]),
            examples=examples,
            errors=int(errors[0]),
        )
        return Certificate(target, None, examples, reason=unsure)
    last = max([place for place in rejected if counts[place] <= enough], default=rejected[0])
    answered, wrong = int(counts[last]), int(errors[last])
    return Certificate(
        target=target,
        threshold=_above(sure, answered),
        examples=examples,
        answered=answered,
        errors=wrong,
        precision_at_least=precision_limit(answered, wrong),
    )


def precision_limit(answered: int, errors: int) -> float:
    """What the precision is at least, with ASSURANCE, when so many of the answered were wrong.

    Args:
        answered: independent answers, ≥ 0.
        errors: of them, in [0, answered].

    Returns:
        In [0, 1]; 0 where nothing was right.

    Source: Clopper and Pearson 1934, one-sided.
    """
    from scipy.stats import beta

    right = answered - errors
    return float(beta.ppf(1 - ASSURANCE, right, errors + 1)) if right else 0.0


def fewest_examples(target: float, assurance: float = ASSURANCE) -> int:
    """How many answers, all of them right, it takes at least to show a precision: 59, 149 and 299 for
    .95, .98 and .99."""
    return math.ceil(math.log(1 - assurance) / math.log(target) - 1e-9)


def risk_coverage(confidence: ArrayLike, correct: Sequence[bool] | ArrayLike) -> RiskCoverage:
    """The share of errors among the answered at each threshold that the confidences allow.

    Args:
        confidence: (n,) in [0, 1]; equal ones are answered together.
        correct: (n,) whether the answer would have been right.

    Returns:
        The curve and its area, each coverage weighted alike.

    Raises:
        InputError: as `certify_precision`, or there is no example.

    Source: Geifman and El-Yaniv 2017, "Selective Classification for Deep Neural Networks"; area: Geifman,
        Uziel and El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation".
    """
    sure, right = _ordered(confidence, correct)
    if not len(sure):
        raise InputError("There is no example to draw the risk of answering from.")
    ends = np.flatnonzero(np.append(sure[1:] != sure[:-1], True)) + 1
    risk = np.cumsum(~right)[ends - 1] / ends
    area = float((risk * np.diff(ends, prepend=0)).sum() / len(sure))
    return RiskCoverage(tuple((ends / len(sure)).tolist()), tuple(risk.tolist()), area)


def separation(inside: ArrayLike, outside: ArrayLike) -> float:
    """How often a confidence of what is known exceeds one of what is not (area under the ROC curve).

    Args:
        inside: (n,) confidences of texts whose answer is known.
        outside: (m,) confidences of texts out of scope.

    Returns:
        In [0, 1]; .5 tells nothing apart, ties count half.

    Raises:
        InputError: one of them is empty.

    Source: Fawcett 2006, "An introduction to ROC analysis".
    """
    from sklearn.metrics import roc_auc_score

    known, unknown = np.asarray(inside, dtype=np.float64), np.asarray(outside, dtype=np.float64)
    if not len(known) or not len(unknown):
        raise InputError("Give texts of both kinds, in scope and out of it, to tell them apart.")
    truth = np.concatenate([np.ones(len(known)), np.zeros(len(unknown))])
    return float(roc_auc_score(truth, np.concatenate([known, unknown])))


def _ordered(
    confidence: ArrayLike, correct: Sequence[bool] | ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    sure, right = np.asarray(confidence, dtype=np.float64), np.asarray(correct, dtype=bool)
    if sure.ndim != 1 or sure.shape != right.shape:
        raise InputError(
            "{judgements} judgements and {confidences} confidences: give one of each an example.",
            judgements=right.size,
            confidences=sure.size,
        )
    if not ((sure >= 0) & (sure <= 1)).all():
        raise InputError("A confidence lies outside 0 to 1.")
    order = np.argsort(-sure, kind="stable")
    return sure[order], right[order]


def _counts_above(sure: NDArray[np.float64], needed: int, enough: int) -> NDArray[np.int64]:
    """How many examples lie strictly above the example at each rank to be tested, ascending.

    The rank `enough` is one of them, so that all targets that bear more end there.
    """
    steps = np.linspace(needed, len(sure), STEPS).round().astype(np.int64)
    ranks = np.union1d(steps, enough)
    limits = np.append(sure, -np.inf)[ranks]
    # Confidences that are equal stand or fall together.
    above = np.searchsorted(-sure, -limits, side="left")
    return np.unique(above[above >= needed])


def _fallback(
    counts: NDArray[np.int64], errors: NDArray[np.int64], *, target: float, error_rate: float
) -> list[int]:
    """The places of the rejected hypotheses, from strict to lenient."""
    from scipy.stats import binom

    if not len(counts):
        return []
    p_values = binom.cdf(errors, counts, 1 - target)
    given = np.zeros(len(counts))
    for start, share in _shares(int(counts[-1]), target=target, error_rate=error_rate).items():
        place = int(np.searchsorted(counts, start * counts[-1]))
        given[min(place, len(counts) - 1)] += error_rate * share
    rejected, held = [], 0.0
    for place, p_value in enumerate(p_values):
        held += given[place]
        if held and p_value <= held:
            rejected.append(place)
        else:
            held = 0.0
    return rejected


def _shares(examples: int, *, target: float, error_rate: float) -> dict[float, float]:
    """The STARTS where a rejection is possible at all, if nothing is wrong; the main one alone where it has
    too few examples for a part of the error rate."""
    able = {
        start: share
        for start, share in STARTS.items()
        if fewest_examples(target, 1 - error_rate * share) <= start * examples
    }
    if MAIN_START not in able:
        return {MAIN_START: 1.0}
    return able | {MAIN_START: able[MAIN_START] + 1 - sum(able.values())}


def _above(sure: NDArray[np.float64], answered: int) -> float:
    """The lowest threshold that so many examples reach and the next one doesn't.

    Where all reach it, that of the least sure: nothing is known of what is less sure than any example was.
    """
    return float(np.nextafter(sure[answered], np.inf)) if answered < len(sure) else float(sure[-1])
