"""How far a smaller model's answers are from fp32, and what that costs."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from modelcore.data import LabelledTexts, Rows, Search, SpanTexts, TextPairs, tell_unknown
from modelcore.errors import InputError
from modelcore.evaluation import nearest, paired_significance
from modelcore.serving import Predictor

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Answers:
    """What one runtime said to every text.

    `outputs` are probabilities, or embeddings; `decisions` what people see of them (a label, spans,
    the nearest text); `correct` whether that was right.
    """

    outputs: tuple[Floats, ...]
    decisions: tuple[Hashable, ...]
    correct: npt.NDArray[np.bool_]

    @property
    def accuracy(self) -> float:
        return float(self.correct.mean())


@dataclass(frozen=True)
class Fidelity:
    """A runtime against fp32 on the same texts.

    `max_difference` is the largest absolute difference of a probability (of an embedding's component),
    `accuracy_drop` the accuracy of fp32 minus its own, with a 95 % bootstrap `interval` and McNemar's
    `p_value`.
    """

    texts: int
    max_difference: float
    mean_difference: float
    label_agreement: float
    accuracy_drop: float
    interval: tuple[float, float]
    p_value: float

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "interval": list(self.interval)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """What `to_json` gave, as an artifact's manifest keeps it."""
        return cls(**{**values, "interval": tuple(values["interval"])})


def answer(predictor: Predictor, rows: Rows) -> Answers:
    """Ask a predictor all texts of labelled rows.

    Args:
        predictor: any task.
        rows: labelled texts for classification, spans for tagging, pairs or labelled texts for embedding.
    Raises:
        InputError: rows of another task, or of labels of which the model knows none.
    """
    if predictor.task == "classification" and isinstance(rows, LabelledTexts):
        tell_unknown(rows.labels, predictor.labels)
        probabilities = predictor.probabilities(rows.texts)
        labels = tuple(predictor.labels[index] for index in probabilities.argmax(axis=1))
        return Answers(tuple(probabilities), labels, np.array(labels) == np.array(rows.labels))
    if predictor.task == "tagging" and isinstance(rows, SpanTexts):
        spans = tuple(one.spans for one in predictor.predict(rows.texts))
        right = [found == gold for found, gold in zip(spans, rows.spans, strict=True)]
        return Answers(tuple(predictor.tag_probabilities(rows.texts)), spans, np.array(right))
    if predictor.task == "embedding" and isinstance(rows, LabelledTexts | TextPairs):
        return _nearest(predictor, Search.of(rows))
    raise InputError(
        "The model is for {task} and these are {kind}: give rows of its task.",
        task=predictor.task,
        kind=type(rows).__name__,
    )


def compare(found: Answers, reference: Answers) -> Fidelity:
    """Judge a runtime's answers by those of fp32 to the same texts.

    Args:
        found: the runtime's, to n ≥ 1 texts.
        reference: those of fp32, to the same texts in the same order.

    Returns:
        Differences, agreement in [0, 1], and the accuracy lost in [-1, 1] with its interval.

    Raises:
        InputError: there are no answers.
        ValueError: the numbers of answers differ.
    """
    differences = [np.abs(a - b) for a, b in zip(found.outputs, reference.outputs, strict=True)]
    same = [a == b for a, b in zip(found.decisions, reference.decisions, strict=True)]
    paired = paired_significance(reference.correct, found.correct)
    return Fidelity(
        texts=len(differences),
        max_difference=float(max(one.max() for one in differences)),
        mean_difference=float(np.mean([one.mean() for one in differences])),
        label_agreement=float(np.mean(same)),
        accuracy_drop=reference.accuracy - found.accuracy,
        interval=paired.interval,
        p_value=paired.p_value,
    )


def _nearest(predictor: Predictor, search: Search) -> Answers:
    """The decision on a query is its nearest text."""
    vectors = search.embed(predictor.embed)
    places = nearest(*vectors)[0].tolist()
    right = [search.is_right(query, place) for query, place in enumerate(places)]
    return Answers(tuple(vectors[0]), tuple(search.names[place] for place in places), np.array(right))
