import numpy as np

from apps.support.engine.decision import Neighbour
from apps.support.engine.scoring import Evidence, Scoring, confidences, understand

INTENTS = ("card_lost", "refund", "top_up")


def confidence_of(probabilities: list[float], *neighbours: tuple[str, float]) -> float:
    near = tuple(Neighbour(f"about {label}", label, similarity) for label, similarity in neighbours)
    evidence = Evidence(INTENTS, np.array([probabilities]), [near])
    return float(confidences(evidence, Scoring(intercept=-8.0))[0])


def test_the_surer_the_classifier_the_surer_the_answer() -> None:
    near = ("card_lost", 0.9)
    assert confidence_of([0.9, 0.05, 0.05], near) > confidence_of([0.6, 0.2, 0.2], near)


def test_neighbours_of_another_intent_take_confidence() -> None:
    alone = confidence_of([0.9, 0.05, 0.05], ("card_lost", 0.9))
    torn = confidence_of([0.9, 0.05, 0.05], ("refund", 0.9), ("card_lost", 0.85))
    assert torn < alone


def test_where_no_neighbour_has_the_intent_there_is_no_confidence() -> None:
    assert confidence_of([0.98, 0.01, 0.01], ("refund", 0.9), ("top_up", 0.8)) == 0.0
    assert confidence_of([0.98, 0.01, 0.01]) == 0.0


def test_a_far_question_is_trusted_less_than_a_near_one() -> None:
    probabilities = [0.9, 0.05, 0.05]
    assert confidence_of(probabilities, ("card_lost", 0.4)) < confidence_of(probabilities, ("card_lost", 0.9))


def test_a_text_is_understood_by_its_three_most_probable_intents() -> None:
    near = (Neighbour("where is my money", "refund", 0.8),)
    evidence = Evidence(INTENTS, np.array([[0.2, 0.3, 0.5], [0.1, 0.7, 0.2]]), [(), near])
    understood = understand("give me my money back", evidence, Scoring(), row=1)
    assert [one.label for one in understood.top] == ["refund", "top_up", "card_lost"]
    assert understood.top[0].confidence == 0.7
    assert understood.neighbours == near
    assert understood.confidence == confidences(evidence, Scoring())[1]


def test_a_scoring_survives_json() -> None:
    scoring = Scoring(slope=1.5, intercept=-2.0)
    assert Scoring.from_json(scoring.to_json()) == scoring
