"""A model judged as it will be served: what it answers to every labelled example, and the figures of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from modelcore.data import LabelledTexts, Span, SpanTexts, TextPairs
from modelcore.errors import InputError
from modelcore.evaluation import classification_metrics, entity_metrics, nearest, retrieval_metrics
from modelcore.serving.predictor import Predictor


@dataclass(frozen=True)
class Answers:
    """The figures, and for each example what is right (`gold`), what was answered (`label`) and how sure."""

    metrics: dict[str, Any]
    predictions: list[dict[str, Any]]


def evaluate(predictor: Predictor, rows: LabelledTexts | SpanTexts | TextPairs) -> Answers:
    """Answer every example on the predictor's runtime and compare.

    Args:
        predictor: of any task.
        rows: span texts for tagging; pairs or labelled texts for embedding; labelled texts for
            classification; a label that the model doesn't know is one that it never answers.
    Returns:
        The task's metrics as plain JSON types and one prediction an example, in order.
    Raises:
        InputError: the rows are of another task.
    """
    if predictor.task == "tagging" and isinstance(rows, SpanTexts):
        return _tag(predictor, rows)
    if predictor.task == "embedding" and isinstance(rows, TextPairs):
        return _retrieve(predictor, rows.anchors, rows.positives)
    if isinstance(rows, LabelledTexts) and predictor.task != "tagging":
        return (
            _find_same_label(predictor, rows) if predictor.task == "embedding" else _classify(predictor, rows)
        )
    wanted = {"tagging": "texts with marked spans", "embedding": "pairs or labelled texts"}
    raise InputError(
        "This model is for {task}: give {wanted}.",
        task=predictor.task,
        wanted=wanted.get(predictor.task, "labelled texts"),
    )


def _classify(predictor: Predictor, rows: LabelledTexts) -> Answers:
    probabilities = predictor.probabilities(rows.texts)
    unknown = sorted(set(rows.labels) - set(predictor.labels))
    known_and_unknown = np.pad(probabilities, ((0, 0), (0, len(unknown))))
    metrics = classification_metrics(rows.labels, known_and_unknown, (*predictor.labels, *unknown)).to_json()
    return Answers(
        metrics,
        [
            {"gold": gold, "label": predictor.labels[best], "score": round(float(row[best]), 6)}
            for gold, row, best in zip(rows.labels, probabilities, probabilities.argmax(axis=1), strict=True)
        ],
    )


def _tag(predictor: Predictor, rows: SpanTexts) -> Answers:
    answers = predictor.predict(rows.texts)
    metrics = entity_metrics(rows, [answer.spans for answer in answers]).to_json()
    return Answers(
        {**metrics, "entity_f1": metrics["f1"]},
        [
            {"gold": _spelled(gold), "label": _spelled(answer.spans), "score": round(answer.score, 6)}
            for gold, answer in zip(rows.spans, answers, strict=True)
        ],
    )


def _spelled(spans: Sequence[Span]) -> str:
    return "; ".join(f"{span.label} {span.start}–{span.end}" for span in spans)


def _retrieve(predictor: Predictor, anchors: Sequence[str], positives: Sequence[str]) -> Answers:
    """Find each anchor's positive among all different positives."""
    candidates = list(dict.fromkeys(positives))
    queries, corpus = predictor.embed(anchors), predictor.embed(candidates)
    metrics = retrieval_metrics(queries, positives, corpus=corpus, corpus_labels=candidates)
    return Answers(metrics.to_json(), _found(positives, nearest(queries, corpus), candidates))


def _find_same_label(predictor: Predictor, rows: LabelledTexts) -> Answers:
    """Find a text of the same label next to each text."""
    vectors = predictor.embed(rows.texts)
    metrics = retrieval_metrics(vectors, rows.labels)
    return Answers(metrics.to_json(), _found(rows.labels, nearest(vectors), rows.labels))


def _found(gold: Sequence[str], found: tuple[Any, Any], names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"gold": right, "label": names[place], "score": round(float(score), 6)}
        for right, place, score in zip(gold, *found, strict=True)
    ]
