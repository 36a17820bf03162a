"""Which labels are probably wrong: confident learning on cross-validated probabilities."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcore.data.grouping import group_indices
from modelcore.data.normal import IDEOGRAPH
from modelcore.data.splits import fold_indices
from modelcore.data.texts import LabelledTexts
from modelcore.errors import InputError

FOLDS = 5
Features = Callable[[Sequence[str]], Any]


class TooFewTextsError(InputError):
    """The texts are too few or too empty for a cross-validated model."""


@dataclass(frozen=True)
class LabelError:
    """One suspected label: `score` in (0, 1] is how much more probable the suggestion is than the given."""

    row: int
    text: str
    given: str
    suggested: str
    score: float


def find_label_errors(data: LabelledTexts, probabilities: NDArray[np.floating]) -> tuple[LabelError, ...]:
    """Rank the labels that a model which never saw them confidently contradicts.

    A label counts as confidently predicted for a text if its probability reaches the mean probability that
    texts of this label get for it. A text is suspected if its most probable such label is not the given one.

    Args:
        data: n texts of L labels.
        probabilities: (n, L), rows sum to 1, columns in sorted order of the labels, each row predicted by a
            model that was not trained on it.

    Returns:
        The suspected rows, the most suspect first.

    Raises:
        InputError: the probabilities have another shape.

    Source: Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels".
    """
    names = sorted(set(data.labels))
    given = np.searchsorted(np.array(names, dtype=object), np.array(data.labels, dtype=object))
    if probabilities.shape != (len(data.rows), len(names)):
        raise InputError(
            "The probabilities have the shape {shape}: {texts} texts by {labels} labels are needed.",
            shape=probabilities.shape,
            texts=len(data.rows),
            labels=len(names),
        )
    every = np.arange(len(given))
    counts = np.bincount(given, minlength=len(names))
    own = probabilities[every, given]
    thresholds = np.bincount(given, weights=own, minlength=len(names)) / counts
    confident = np.where(probabilities >= thresholds, probabilities, -1.0)
    suggested = confident.argmax(axis=1)
    margin = probabilities[every, suggested] - own
    suspected = np.flatnonzero((confident.max(axis=1) >= 0) & (suggested != given) & (margin > 0))
    ranked = suspected[np.argsort(-margin[suspected], kind="stable")]
    return tuple(
        LabelError(
            data.rows[i], data.texts[i], data.labels[i], names[suggested[i]], round(float(margin[i]), 6)
        )
        for i in ranked.tolist()
    )


def cross_validated_accuracy(data: LabelledTexts, probabilities: NDArray[np.floating]) -> float:
    """Which share of the given labels a model's most probable ones are, in [0, 1].

    Args:
        data: n texts of L labels.
        probabilities: (n, L), as `find_label_errors` takes them.
    """
    names = np.array(sorted(set(data.labels)), dtype=object)
    return float(np.mean(names[probabilities.argmax(axis=1)] == np.array(data.labels, dtype=object)))


def cross_validated_probabilities(
    data: LabelledTexts, *, features: Features | None = None, seed: int = 0
) -> NDArray[np.float64]:
    """Predict each text's labels by a logistic regression that was trained without it and its duplicates.

    Args:
        data: n texts of L >= 2 labels.
        features: n texts to (n, D), dense or sparse; None takes TF-IDF, which knows no synonyms and, of few
            texts, suspects many labels that are right.
        seed: decides the folds.

    Returns:
        (n, L) probabilities, columns in sorted order of the labels; a label that a fold's training part lacks
        gets 0 there.

    Raises:
        TooFewTextsError: fewer than two labels, fewer different texts than folds, or no words in them.
    """
    from sklearn.linear_model import LogisticRegression

    names = sorted(set(data.labels))
    if len(names) < 2:
        raise TooFewTextsError("there is only one label.")
    if len(group_indices(data)) < FOLDS:
        raise TooFewTextsError("there are fewer than {folds} different texts.", folds=FOLDS)
    labels = np.array(data.labels, dtype=object)
    matrix = (features or tf_idf)(data.texts)
    probabilities = np.zeros((len(labels), len(names)))
    # The stopping rule is absolute while gradients shrink with the labels: a loose one fits nothing at all.
    tolerance = min(1e-3, 0.05 / len(names))
    for held_out in fold_indices(data, count=FOLDS, seed=seed):
        train = np.setdiff1d(np.arange(len(labels)), held_out)
        if len(set(labels[train])) < 2:
            raise TooFewTextsError("one label has nearly all the different texts.")
        model = LogisticRegression(C=10.0, max_iter=100, tol=tolerance).fit(matrix[train], labels[train])
        columns = np.searchsorted(np.array(names, dtype=object), model.classes_)
        probabilities[np.ix_(held_out, columns)] = model.predict_proba(matrix[held_out])
    return probabilities


def tf_idf(texts: Sequence[str]) -> Any:
    """(n, D) sparse weights of words, or of runs of characters where there are no spaces to find words by.

    Raises:
        TooFewTextsError: no words in the texts.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    is_chinese = is_ideographic(texts)
    analyzer, ngrams, pattern = ("char", (1, 3), None) if is_chinese else ("word", (1, 2), r"(?u)\b\w+\b")
    vectorizer = TfidfVectorizer(
        analyzer=analyzer,
        ngram_range=ngrams,
        token_pattern=pattern,
        sublinear_tf=True,
        dtype=np.float32,
        min_df=2 if len(texts) > 1000 else 1,
    )
    try:
        return vectorizer.fit_transform(texts)
    except ValueError as error:
        raise TooFewTextsError("the texts hold no words to learn from.") from error


def is_ideographic(texts: Sequence[str]) -> bool:
    """Whether more than a third of the texts have Chinese characters."""
    return sum(1 for text in texts if IDEOGRAPH.search(text)) > len(texts) / 3


def by_script(texts: Sequence[str]) -> list[NDArray[np.int64]]:
    """Places of the texts with Chinese characters and of the others; none of a kind that there is none of.

    What compares texts that mean alike can't compare across the two, and `is_ideographic` chooses for all
    texts at once: where they are mixed, each kind has to be looked at alone.
    """
    chinese = np.array([IDEOGRAPH.search(text) is not None for text in texts], dtype=bool)
    return [places for places in (np.flatnonzero(~chinese), np.flatnonzero(chinese)) if len(places)]
