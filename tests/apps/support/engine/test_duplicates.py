"""Which labelled questions say nearly the same, by the angle between their vectors."""

import math

import numpy as np
import pytest

from apps.support.engine.duplicates import ACROSS, BATCH, WITHIN, near_pairs
from modelcore.vectors import Entry, VectorIndex


def index_of(*angles_and_labels: tuple[float, str]) -> VectorIndex:
    """Questions on a circle, at these angles in degrees."""
    angles = np.radians([angle for angle, _label in angles_and_labels])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    entries = [
        Entry(f"{place:05}", f"text {place}", label) for place, (_, label) in enumerate(angles_and_labels)
    ]
    return VectorIndex.build(vectors, entries)


def degrees(cosine: float) -> float:
    return math.degrees(math.acos(cosine))


def pairs_of(index: VectorIndex, most: int = 100) -> list[tuple[str, str]]:
    return [(pair.one.text, pair.other.text) for pair in near_pairs(index, most=most)]


def test_within_an_intent_more_likeness_is_asked_for_than_across() -> None:
    between = (degrees(WITHIN) + degrees(ACROSS)) / 2
    within = index_of((0, "refund"), (between, "refund"), (90, "refund"))
    across = index_of((0, "refund"), (between, "cancel"), (90, "refund"))

    assert pairs_of(within) == []
    assert pairs_of(across) == [("text 0", "text 1")]


def test_each_pair_comes_once_those_of_two_intents_first_then_the_nearest() -> None:
    index = index_of((0, "a"), (1, "a"), (90, "b"), (95, "c"), (180, "a"), (180.5, "a"))

    assert pairs_of(index) == [("text 2", "text 3"), ("text 4", "text 5"), ("text 0", "text 1")]


@pytest.mark.parametrize(
    ("one", "other", "count"), [("可以养狗吗", "可以养猫吗", 0), ("Where is my café?", "where is my cafe", 1)]
)
def test_what_an_encoder_cannot_tell_apart_is_no_duplicate(one: str, other: str, count: int) -> None:
    vectors = np.ones((2, 1), dtype=np.float32)
    index = VectorIndex.build(vectors, [Entry("1", one, "pets"), Entry("2", other, "pets")])

    assert len(pairs_of(index)) == count


def test_no_more_than_asked_for() -> None:
    index = index_of((0, "a"), (1, "a"), (90, "a"), (90.5, "a"))

    assert pairs_of(index, most=1) == [("text 2", "text 3")]


def test_a_pair_is_found_across_batches_and_nothing_is_found_in_nothing() -> None:
    size = BATCH + 1
    vectors = np.zeros((size, size), dtype=np.float32)
    vectors[np.arange(size), np.arange(size)] = 1
    vectors[size - 1] = 0.995 * vectors[0] + 0.1 * vectors[size - 1]
    entries = [Entry(f"{place:05}", f"text {place}", "a") for place in range(size)]

    assert pairs_of(VectorIndex.build(vectors, entries)) == [("text 0", f"text {size - 1}")]
    assert near_pairs(VectorIndex.build(vectors[:0], []), most=9) == []
