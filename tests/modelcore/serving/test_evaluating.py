"""A model is judged as it is served."""

import pytest

from modelcore.artifacts import Artifact
from modelcore.data import LabelledTexts, Span, SpanTexts, TextPairs
from modelcore.errors import InputError
from modelcore.serving import Predictor
from modelcore.serving.evaluating import evaluate

TEXTS = ("where is my card", "the parcel is late", "refund my money")


def test_a_classifier_that_is_right_has_accuracy_one(classifier: Artifact) -> None:
    predictor = Predictor.open(classifier)
    labels = tuple(one.label for one in predictor.predict(TEXTS))

    answers = evaluate(predictor, LabelledTexts(TEXTS, labels))

    assert answers.metrics["accuracy"] == 1
    assert [one["gold"] for one in answers.predictions] == list(labels)


def test_a_tagger_has_an_entity_f1(tagger: Artifact) -> None:
    rows = SpanTexts(("i live in london",), ((Span(10, 16, "CITY"),),))

    answers = evaluate(Predictor.open(tagger), rows)

    assert 0 <= answers.metrics["entity_f1"] <= 1
    assert answers.predictions[0]["gold"] == "CITY 10–16"


def test_an_embedder_finds_itself(embedder: Artifact) -> None:
    predictor = Predictor.open(embedder)

    answers = evaluate(predictor, TextPairs(TEXTS, TEXTS))

    assert answers.metrics["mrr"] == pytest.approx(1)
    assert [one["label"] for one in answers.predictions] == list(TEXTS)


def test_an_embedder_is_judged_by_labels_too(embedder: Artifact) -> None:
    rows = LabelledTexts((*TEXTS, *TEXTS), ("a", "b", "c") * 2)

    assert evaluate(Predictor.open(embedder), rows).metrics["hit_rate_at_1"] == pytest.approx(1)


def test_one_positive_of_many_anchors_is_one_candidate(embedder: Artifact) -> None:
    rows = TextPairs(TEXTS, (TEXTS[0], TEXTS[0], TEXTS[2]))

    found = evaluate(Predictor.open(embedder), rows).predictions

    assert {one["label"] for one in found} <= {TEXTS[0], TEXTS[2]}


def test_every_positive_of_an_anchor_is_right(embedder: Artifact) -> None:
    rows = TextPairs((TEXTS[0], TEXTS[0].upper(), TEXTS[2]), (TEXTS[1], TEXTS[0], TEXTS[2]))

    answers = evaluate(Predictor.open(embedder), rows)

    assert answers.metrics["hit_rate_at_1"] == pytest.approx(1)
    assert all(one["gold"] == one["label"] for one in answers.predictions)


def test_rows_of_another_task_are_refused(classifier: Artifact) -> None:
    with pytest.raises(InputError, match="give labelled texts"):
        evaluate(Predictor.open(classifier), TextPairs(TEXTS, TEXTS))
