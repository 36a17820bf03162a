from pathlib import Path

import numpy as np
import pytest

from modelcore.artifacts import ArtifactCorrupt, ArtifactMissing
from modelcore.errors import InputError
from modelcore.vectors import Entry, VectorIndex


def unit_vectors(count: int, *, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 16))
    unit: np.ndarray = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


def entries(count: int) -> list[Entry]:
    return [Entry(str(n), f"question {n}", f"intent {n % 3}") for n in range(count)]


def test_the_nearest_are_found_in_order_with_their_cosine() -> None:
    vectors = unit_vectors(50)
    (hits,) = VectorIndex.build(vectors, entries(50)).search(vectors[7:8], k=3)
    cosines = vectors @ vectors[7]
    assert [int(hit.entry.key) for hit in hits] == np.argsort(-cosines)[:3].tolist()
    assert hits[0].similarity == pytest.approx(1.0, abs=1e-5)


def test_cells_find_nearly_all_of_what_an_exact_search_finds() -> None:
    vectors, asked = unit_vectors(4000), unit_vectors(200, seed=1)
    exact = VectorIndex.build(vectors, entries(4000)).search(asked, k=1)
    near = VectorIndex.build(vectors, entries(4000), exact_up_to=100).search(asked, k=1)
    assert sum(a == b for a, b in zip(exact, near, strict=True)) >= 0.6 * 200


def test_an_index_read_back_answers_the_same(tmp_path: Path) -> None:
    vectors = unit_vectors(40)
    index = VectorIndex.build(vectors, entries(40))
    index.write(tmp_path / "index")
    again = VectorIndex.open(tmp_path / "index")
    assert again.search(vectors, k=5) == index.search(vectors, k=5)
    assert again.digest == index.digest


def test_writing_again_replaces_the_index_while_the_old_one_still_answers(tmp_path: Path) -> None:
    vectors = unit_vectors(40)
    VectorIndex.build(vectors[:20], entries(20)).write(tmp_path / "index")
    old = VectorIndex.open(tmp_path / "index")
    VectorIndex.build(vectors, entries(40)).write(tmp_path / "index")
    assert len(VectorIndex.open(tmp_path / "index")) == 40
    assert old.search(vectors[:1], k=1)[0][0].entry.key == "0"


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    VectorIndex.build(unit_vectors(0), []).write(tmp_path / "index")
    assert VectorIndex.open(tmp_path / "index").search(unit_vectors(2), k=3) == [(), ()]


def test_a_missing_and_a_damaged_index_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing):
        VectorIndex.open(tmp_path / "index")
    VectorIndex.build(unit_vectors(3), entries(3)).write(tmp_path / "index")
    with (tmp_path / "index" / "entries.jsonl").open("ab") as file:
        file.write(b"{}\n")
    with pytest.raises(ArtifactCorrupt):
        VectorIndex.open(tmp_path / "index")


def test_vectors_that_are_not_of_length_one_and_doubled_keys_are_refused() -> None:
    with pytest.raises(InputError, match="length 1"):
        VectorIndex.build(2 * unit_vectors(2), entries(2))
    with pytest.raises(InputError, match="same key"):
        VectorIndex.build(unit_vectors(2), [entries(1)[0]] * 2)
    with pytest.raises(InputError, match="one of each"):
        VectorIndex.build(unit_vectors(2), entries(1))
