"""Which labels of a batch contradict what like texts are labelled, and how many would by chance alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcore.data.label_errors import Features, LabelError, by_script, tf_idf
from modelcore.data.normal import normalise
from modelcore.data.texts import LabelledTexts
from modelcore.evaluation.calibration import softmax
from modelcore.evaluation.selective import precision_limit

# TF-IDF has a number for each word; of these the directions that matter.
WIDEST = 256
DRAWS = 2000


@dataclass(frozen=True)
class LabelAudit:
    """What was found in a batch.

    Args:
        judged: rows of it that have other texts of their label to be compared with.
        suspected: those of them that another label fits better, the clearest first.
        by_chance: share that the same rule suspects of trusted labels which as few texts have, in [0, 1]:
            how far the labels of these data overlap, which is no fault of the batch.
    """

    judged: int
    suspected: tuple[LabelError, ...]
    by_chance: float


def surely_wrong(*, judged: int, suspected: int, by_chance: float) -> float:
    """The share of wrong labels that a batch exceeds with 95 % assurance.

    A right label is suspected by chance and a wrong one always, s = c + w (1 - c); solved for w at the exact
    lower limit of s. Where wrong ones escape suspicion w is too small: nobody is refused for that.

    Args:
        judged: rows of the batch, ≥ 0.
        suspected: of them, in [0, judged].
        by_chance: share of right labels that are suspected, in [0, 1].

    Returns:
        In [0, 1].

    Source: Rogan and Gladen, Estimating prevalence from the results of a screening test, 1978.
    """
    share = precision_limit(judged, judged - suspected)
    return max(0.0, (share - by_chance) / (1 - by_chance)) if by_chance < 1 else 0.0


def audit_label_batch(
    data: LabelledTexts, doubtful: Sequence[int], *, features: Features | None = None, seed: int = 0
) -> LabelAudit:
    """Suspect the rows of a batch to which a linear discriminant without them gives another label.

    The discriminant counts labels alike, however many texts they have, so that a new one is not outvoted by
    those around it. What it suspects by chance is seen on the trusted rows: each stands for a row of the
    batch, and of its own label only as many texts are looked at as that one's label has. Chinese texts are
    compared with one another and all others among themselves; what chance suspects is their mean.

    Args:
        data: n texts, the trusted and the doubtful.
        doubtful: places of the batch's rows, in [0, n).
        features: n texts to (n, D), dense or sparse; None takes TF-IDF.
        seed: decides which trusted rows and texts stand for the batch's.

    Raises:
        TooFewTextsError: no words in the texts, where TF-IDF was to weigh them.

    Source: Fisher's discriminant with the covariance of Ledoit and Wolf, 2004, each row left out of its
        label's mean as by Lachenbruch and Mickey, 1968.
    """
    is_doubtful = np.zeros(len(data.rows), dtype=bool)
    is_doubtful[list(doubtful)] = True
    audits = [
        _audit(data.take(places.tolist()), is_doubtful[places], features or tf_idf, seed)
        for places in by_script(data.texts)
        if is_doubtful[places].any()
    ]
    judged = sum(one.judged for one in audits)
    return LabelAudit(
        judged,
        tuple(sorted((row for one in audits for row in one.suspected), key=lambda row: -row.score)),
        sum(one.judged * one.by_chance for one in audits) / max(1, judged),
    )


def _audit(data: LabelledTexts, is_doubtful: NDArray[np.bool_], features: Features, seed: int) -> LabelAudit:
    names, given = np.unique(np.array(data.labels, dtype=object), return_inverse=True)
    alike = _alike(data)
    if len(names) < 2 or not np.any(is_doubtful & (np.bincount(given)[given] > alike)):
        return LabelAudit(0, (), 0.0)
    space = _Space(_dense(features(data.texts)), given, alike)
    probabilities = softmax(-space.distances / 2)
    rows = np.arange(len(given))
    suggested = probabilities.argmax(axis=1)
    margin = probabilities[rows, suggested] - probabilities[rows, given]
    is_judged = is_doubtful & (space.others > 0)
    batch = np.flatnonzero(is_judged & (margin > 0))
    found = tuple(
        LabelError(
            data.rows[i], data.texts[i], data.labels[i], names[suggested[i]], round(float(margin[i]), 6)
        )
        for i in batch[np.argsort(-margin[batch], kind="stable")].tolist()
    )
    trusted = np.flatnonzero(~is_doubtful & (space.others > 0))
    by_chance = 0.0
    if len(trusted) and is_judged.any():
        by_chance = _by_chance(space, space.others[is_judged], trusted, seed)
    return LabelAudit(int(is_judged.sum()), found, by_chance)


class _Space:
    """Texts where each label's have the same spread, and their squared distances from the labels' means.

    Args:
        states: (n, D) features.
        given: (n,) numbers of the labels.
        alike: (n,) how many rows have the row's text and label, itself among them.
    """

    def __init__(
        self, states: NDArray[np.float64], given: NDArray[np.int64], alike: NDArray[np.int64]
    ) -> None:
        from scipy.linalg import cholesky, solve_triangular
        from sklearn.covariance import ledoit_wolf
        from sklearn.metrics import euclidean_distances

        counts = np.bincount(given)
        means = np.zeros((len(counts), states.shape[1]))
        np.add.at(means, given, states)
        means /= counts[:, None]
        covariance, _ = ledoit_wolf(states - means[given], assume_centered=True)
        root = cholesky(covariance, lower=True)
        self.states, centres = (solve_triangular(root, some.T, lower=True).T for some in (states, means))
        self.given, self.others = given, counts[given] - alike
        self.distances: NDArray[np.float64] = euclidean_distances(self.states, centres, squared=True)
        # A text is so much farther from the mean of the others than from the mean that holds it, too.
        farther = (counts[given] / np.maximum(self.others, 1)) ** 2
        self.distances[np.arange(len(given)), given] *= farther


def _by_chance(space: _Space, sizes: NDArray[np.int64], trusted: NDArray[np.int64], seed: int) -> float:
    """The share suspected of `DRAWS` trusted rows whose labels are cut to the batch's `sizes`."""
    generator = np.random.default_rng(seed)
    of_label = {label: np.flatnonzero(space.given == label) for label in np.unique(space.given[trusted])}
    suspected = 0
    for row, size in zip(generator.choice(trusted, DRAWS), generator.choice(sizes, DRAWS), strict=True):
        label = space.given[row]
        others = of_label[label][of_label[label] != row]
        few = generator.choice(others, min(size, len(others)), replace=False)
        own = ((space.states[row] - space.states[few].mean(axis=0)) ** 2).sum()
        suspected += bool((np.delete(space.distances[row], label) < own).any())
    return suspected / DRAWS


def _alike(data: LabelledTexts) -> NDArray[np.int64]:
    """(n,) how many rows have the row's text and label, itself among them."""
    keys = [(normalise(text), label) for text, label in zip(data.texts, data.labels, strict=True)]
    count = Counter(keys)
    return np.array([count[key] for key in keys])


def _dense(features: Any) -> NDArray[np.float64]:
    if not hasattr(features, "todense"):
        return np.asarray(features, dtype=np.float64)
    from sklearn.decomposition import TruncatedSVD

    width = min(WIDEST, *(side - 1 for side in features.shape))
    found: NDArray[np.float64] = TruncatedSVD(max(1, width), random_state=0).fit_transform(features)
    return found
