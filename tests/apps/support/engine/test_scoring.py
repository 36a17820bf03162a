from dataclasses import replace

import numpy as np
import pytest

from apps.support.engine.decision import Neighbour
from apps.support.engine.scoring import Evidence, Neighbourhood, Scoring, pool, understand, votes
from modelcore.evaluation.curves import Curve

INTENTS = ("card_lost", "refund", "top_up")
KNOWN = Neighbourhood(near=0.8, spread=0.2, doubt=0.02)
SURE = [0.9, 0.06, 0.04]
USUAL = np.zeros(1)  # wording as others have it


def confidence_of(
    probabilities: list[float],
    *neighbours: tuple[str, float],
    among: Neighbourhood = KNOWN,
    novelty: float = 0.0,
) -> float:
    near = tuple(Neighbour(f"about {label}", label, similarity) for label, similarity in neighbours)
    evidence = Evidence(INTENTS, np.array([probabilities]), [near], np.array([novelty]))
    return float(Scoring(among).curve(pool(evidence, among).scores)[0])


def test_the_surer_the_classifier_the_surer_the_answer() -> None:
    near = ("card_lost", 0.9)
    assert confidence_of(SURE, near) > confidence_of([0.6, 0.2, 0.2], near)


def test_neighbours_of_another_intent_take_confidence() -> None:
    alone = confidence_of(SURE, ("card_lost", 0.9))
    torn = confidence_of(SURE, ("refund", 0.9), ("card_lost", 0.85))
    against = confidence_of(SURE, ("refund", 0.9), ("top_up", 0.9))
    assert against < 0.1 < torn < alone


def test_a_far_question_is_trusted_less_than_a_near_one() -> None:
    near, far, farther = (confidence_of(SURE, ("card_lost", similarity)) for similarity in (0.9, 0.6, 0.3))
    assert farther < 0.01 < far < near
    assert confidence_of(SURE) == pytest.approx(0.0, abs=1e-3)


def test_wording_that_is_newer_than_usual_is_trusted_less() -> None:
    near = ("card_lost", 0.9)
    among = replace(KNOWN, usual_novelty=0.2)
    usual, new, newer = (
        confidence_of(SURE, near, among=among, novelty=novelty) for novelty in (0.2, 0.5, 0.8)
    )
    assert usual == confidence_of(SURE, near, among=among)
    assert newer < new < usual


def test_new_wording_says_less_where_each_question_has_its_own() -> None:
    near = ("card_lost", 0.9)
    plain = confidence_of(SURE, near)
    alike, various, unlike = (
        confidence_of(SURE, near, among=replace(KNOWN, usual_novelty=usual), novelty=usual + 0.2)
        for usual in (0.0, 0.4, 0.8)
    )
    assert alike < various < unlike < plain
    assert confidence_of(SURE, near, among=replace(KNOWN, usual_novelty=1.0), novelty=1.0) == plain


def test_neighbours_that_cannot_tell_intents_apart_are_not_listened_to() -> None:
    deaf = Neighbourhood(near=0.8, spread=0.2, doubt=1.0)
    agreeing = confidence_of(SURE, ("card_lost", 0.9), among=deaf)
    assert agreeing == confidence_of(SURE, ("refund", 0.9), among=deaf) > 0.5


def test_nearer_neighbours_weigh_more() -> None:
    near = [Neighbour("a", "refund", 0.9), Neighbour("b", "top_up", 0.7), Neighbour("c", "top_up", 0.7)]
    ((lost, refund, top_up), nobody) = votes(INTENTS, [near, []], 0.2)
    assert refund > top_up > lost == 0.0
    assert refund + top_up == pytest.approx(1.0)
    assert not nobody.any()


def test_a_vote_for_an_intent_that_the_classifier_does_not_know_goes_to_nobody() -> None:
    near = [Neighbour("a", "refund", 0.9), Neighbour("b", "crypto", 0.9)]
    assert votes(INTENTS, [near], 0.2).tolist() == [[0.0, 0.5, 0.0]]


def test_a_classifier_is_not_trusted_on_what_it_was_never_taught() -> None:
    certain = [1 - 2e-6, 1e-6, 1e-6]
    taught, mostly, never = (
        confidence_of(certain, *near)
        for near in (
            [("card_lost", 0.9), ("refund", 0.7)],
            [("bereavement", 0.9), ("bereavement", 0.85), ("card_lost", 0.8)],
            [("bereavement", 0.9), ("bereavement", 0.9)],
        )
    )
    assert never < 0.01 < mostly < 0.1 < 0.9 < taught


@pytest.mark.parametrize(
    ("label", "is_sure"), [("refund", False), ("bereavement", False), ("card_lost", True)]
)
def test_the_same_words_that_people_labelled_otherwise_are_not_answered(label: str, is_sure: bool) -> None:
    near = tuple(Neighbour(f"my card {place}", "card_lost", 0.9) for place in range(9))
    same = Neighbour("Who has my card?", label, 0.99)
    evidence = Evidence(INTENTS, np.array([[1 - 2e-6, 1e-6, 1e-6]]), [(same, *near)], USUAL)
    (understood,) = understand(["who has my card"], evidence, Scoring(KNOWN))
    assert (understood.confidence > 0) is is_sure


def test_neighbours_decide_where_the_classifier_wavers() -> None:
    wavering = np.array([[0.05, 0.45, 0.5]])
    near = (Neighbour("where is my money", "refund", 0.9),)
    assert pool(Evidence(INTENTS, wavering, [near], USUAL), KNOWN).best == ["refund"]
    assert pool(Evidence(INTENTS, wavering, [()], USUAL), KNOWN).best == ["top_up"]
    assert pool(Evidence(INTENTS, np.array([SURE]), [near], USUAL), KNOWN).best == ["card_lost"]


def test_a_text_is_understood_by_its_three_most_probable_intents() -> None:
    near = (Neighbour("where is my money", "refund", 0.8),)
    evidence = Evidence(INTENTS, np.array([[0.2, 0.3, 0.5], [0.1, 0.7, 0.2]]), [(), near], np.zeros(2))
    _, understood = understand(["hm", "give me my money back"], evidence, Scoring(KNOWN))
    assert understood.text == "give me my money back"
    assert [one.label for one in understood.top] == ["refund", "top_up", "card_lost"]
    assert 0.7 < understood.top[0].confidence < 1.0
    assert understood.neighbours == near
    assert understood.confidence == Scoring(KNOWN).curve(pool(evidence, KNOWN).scores)[1]


def test_a_scoring_survives_json() -> None:
    scoring = Scoring(KNOWN, Curve(((-1.0, 0.2), (3.0, 0.9))))
    assert Scoring.from_json(scoring.to_json()) == scoring
