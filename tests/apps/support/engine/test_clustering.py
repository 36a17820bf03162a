import numpy as np
from scipy.sparse import csr_matrix

from apps.support.engine.clustering import cluster, title_of


def test_what_lies_near_is_one_group_and_strays_are_none() -> None:
    generator = np.random.default_rng(7)
    centres = np.eye(4)[:2].repeat([5, 3], axis=0)
    vectors = np.vstack([centres + 0.05 * generator.standard_normal(centres.shape), np.eye(4)[2:]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    groups = cluster(vectors)

    assert [sorted(group.places) for group in groups] == [[0, 1, 2, 3, 4], [5, 6, 7]]
    assert all(group.cohesion > 0.9 for group in groups)


def test_sparse_vectors_are_grouped_as_dense_ones() -> None:
    vectors = np.eye(4)[[0, 0, 1, 0, 2]] + 0.1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    assert cluster(csr_matrix(vectors)) == cluster(vectors)
    assert [group.places for group in cluster(vectors)] == [(0, 1, 3)]


def test_too_few_questions_are_no_group() -> None:
    assert cluster(np.eye(2)) == []


def test_a_group_is_called_by_its_most_central_question() -> None:
    assert title_of(["  where \n is it "]) == "where is it"
    assert title_of(["long " * 40]).endswith("…")
