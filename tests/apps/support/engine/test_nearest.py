from collections.abc import Sequence

import numpy as np
import pytest

from apps.support.engine.decision import Neighbour
from apps.support.engine.nearest import Nearest
from apps.support.engine.scoring import Neighbourhood
from modelcore.vectors import Entry, VectorIndex

WORDS = ("card", "lost", "refund", "late", "money")


def count_words(texts: Sequence[str]) -> np.ndarray:
    counts = np.array([[text.split().count(word) for word in WORDS] for text in texts], dtype=np.float32)
    unit: np.ndarray = counts / np.linalg.norm(counts, axis=1, keepdims=True)
    return unit


QUESTIONS = [
    Entry("1", "card lost", "card_lost"),
    Entry("2", "refund late", "refund"),
    Entry("3", "money late", "transfer_late"),
]


def test_the_nearest_question_comes_first_with_its_intent_and_similarity() -> None:
    (near,) = Nearest.build(count_words, QUESTIONS).find(["refund refund late"])
    assert near[0] == Neighbour("refund late", "refund", near[0].similarity)
    assert near[0].similarity == pytest.approx(3 / np.sqrt(10), abs=1e-6)
    assert [one.label for one in near[1:]] == ["transfer_late", "card_lost"]


def test_no_more_neighbours_than_asked_for() -> None:
    found = Nearest.build(count_words, QUESTIONS).find(["card", "late"], k=2)
    assert [len(near) for near in found] == [2, 2]


def test_without_questions_there_are_no_neighbours() -> None:
    nearest = Nearest.build(lambda texts: np.ones((len(texts), 1), dtype=np.float32), [])
    assert nearest.find(["card"]) == [()]


def spread_out(count: int, *, of_intent: int, seed: int) -> Nearest:
    """Questions around as many places as there are intents; those of an intent mostly around its own."""
    generator = np.random.default_rng(seed)
    intents = generator.integers(0, 4, count)
    places = np.where(generator.random(count) < of_intent / 4, intents, generator.integers(0, 4, count))
    vectors = (3 * np.eye(8)[places] + generator.normal(size=(count, 8)) / 2).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    entries = [Entry(str(n), f"question {n}", f"intent {intent}") for n, intent in enumerate(intents)]
    return Nearest(lambda texts: vectors[: len(texts)], VectorIndex.build(vectors, entries))


def test_a_neighbourhood_doubts_votes_as_far_as_they_say_nothing_of_the_intent() -> None:
    doubts = [spread_out(800, of_intent=share, seed=0).neighbourhood().doubt for share in (4, 3, 2, 0)]
    assert doubts == sorted(doubts)
    assert doubts[0] < 0.05
    assert doubts[-1] > 0.8


def test_a_neighbourhood_knows_what_is_usually_near() -> None:
    found = spread_out(800, of_intent=4, seed=1).neighbourhood()
    assert 0.9 < found.near < 1
    assert 0 < found.spread < 0.1


def test_a_neighbourhood_knows_how_new_wording_usually_is() -> None:
    texts = ["where is my card"] * 6 + ["where is my parcel"] + ["no idea at all"]
    entries = [Entry(str(n), text, f"intent {n % 2}") for n, text in enumerate(texts)]
    nearest = Nearest.build(lambda texts: np.ones((len(texts), 1), dtype=np.float32), entries)
    assert nearest.novelty(["where is my card", "my card is where"]).tolist() == [0.0, pytest.approx(2 / 3)]
    # Six questions hold nothing of their own, one a third, one all: three quarters have a twelfth at most.
    assert nearest.neighbourhood().usual_novelty == pytest.approx(1 / 12)


def test_questions_of_one_intent_have_no_neighbourhood_to_speak_of() -> None:
    assert Nearest.build(count_words, QUESTIONS[:1]).neighbourhood() == Neighbourhood()
