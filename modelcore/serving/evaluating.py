"""A model judged as it will be served: what it answers to every labelled example, and the figures of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from modelcore.data import LabelledTexts, Rows, Search, Span, SpanTexts, TextPairs, tell_unknown
from modelcore.errors import InputError
from modelcore.evaluation import classification_metrics, entity_metrics, nearest
from modelcore.sentence import Sentence
from modelcore.serving.predictor import Predictor


@dataclass(frozen=True)
class Answers:
    """The figures, and for each example what is right (`gold`), what was answered (`label`) and how sure."""

    metrics: dict[str, Any]
    predictions: list[dict[str, Any]]


def evaluate(predictor: Predictor, rows: Rows) -> Answers:
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
    if predictor.task == "embedding" and isinstance(rows, LabelledTexts | TextPairs):
        return _retrieve(predictor, rows)
    if predictor.task == "classification" and isinstance(rows, LabelledTexts):
        return _classify(predictor, rows)
    wanted = {"tagging": "texts with marked spans", "embedding": "pairs or labelled texts"}
    raise InputError(
        "This model is for {task}: give {wanted}.",
        task=predictor.task,
        wanted=wanted.get(predictor.task, "labelled texts"),
    )


def unknown_labels(predictor: Predictor, rows: Rows) -> Sentence:
    """What to know about a classifier's figures: rows that it can't answer right, or an empty sentence.

    Raises:
        InputError: it knows the label of no row, so that its figures say nothing.
    """
    if predictor.task == "classification" and isinstance(rows, LabelledTexts):
        return tell_unknown(rows.labels, predictor.labels)
    return Sentence.of("")


def _classify(predictor: Predictor, rows: LabelledTexts) -> Answers:
    probabilities = predictor.probabilities(rows.texts)
    return Answers(
        classification_metrics(rows.labels, probabilities, predictor.labels).to_json(),
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


def _retrieve(predictor: Predictor, rows: LabelledTexts | TextPairs) -> Answers:
    """What is right is the row's own; of several right texts, the one that was found."""
    search = Search.of(rows)
    vectors = search.embed(predictor.embed)
    gold = rows.labels if isinstance(rows, LabelledTexts) else rows.positives
    predictions = []
    for query, (place, score) in enumerate(zip(*nearest(*vectors), strict=True)):
        found = search.names[place]
        right = found if search.is_right(query, place) else gold[query]
        predictions.append({"gold": right, "label": found, "score": round(float(score), 6)})
    return Answers(search.metrics(*vectors).to_json(), predictions)
