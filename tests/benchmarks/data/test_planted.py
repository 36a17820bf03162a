import random

from benchmarks.data.planted import IDS, KINDS, Source


def test_the_same_seed_plants_the_same_values_whatever_was_drawn_before() -> None:
    def drawn(state: int) -> list[object]:
        source = Source(7)
        random.seed(state)
        return [source.planted(kind) for kind in (*KINDS, *IDS)]

    assert drawn(1) == drawn(2)
