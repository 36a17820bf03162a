from collections.abc import Sequence

import numpy as np
import pytest

from apps.support.engine.decision import Neighbour
from apps.support.engine.nearest import Nearest
from modelcore.vectors import Entry

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
