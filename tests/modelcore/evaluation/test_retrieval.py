import json

import numpy as np
import pytest
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

from modelcore.errors import InputError
from modelcore.evaluation import nearest, retrieval, retrieval_metrics


def at_angles(*degrees: float) -> np.ndarray:
    radians = np.radians(degrees)
    return np.column_stack([np.cos(radians), np.sin(radians)])


def test_a_case_worked_out_by_hand() -> None:
    # The query at 0 ranks: 10 (b), 20 (a), 30 (b), 40 (a).
    found = retrieval_metrics(
        at_angles(0),
        ["a"],
        corpus=at_angles(40, 10, 30, 20),
        corpus_labels=["a", "b", "b", "a"],
        ks=(1, 2, 4),
    )
    assert found.recall == {1: 0.0, 2: 0.5, 4: 1.0}
    assert found.hit_rate == {1: 0.0, 2: 1.0, 4: 1.0}
    assert found.mrr == 0.5
    ideal = 1 + 1 / np.log2(3)
    assert found.ndcg_at_10 == pytest.approx((1 / np.log2(3) + 1 / np.log2(5)) / ideal)


def test_a_text_may_be_relevant_for_several_labels() -> None:
    found = retrieval_metrics(
        at_angles(0, 2), ["a", "b"], corpus=at_angles(1, 90), corpus_labels=[frozenset("ab"), frozenset("b")]
    )
    assert (found.mrr, found.recall[1]) == (1.0, 0.75)


def test_a_query_never_finds_itself() -> None:
    found = retrieval_metrics(at_angles(0, 90, 5), ["a", "b", "a"])
    assert (found.queries, found.skipped) == (2, 1)
    assert found.mrr == 1.0


@pytest.mark.parametrize("cells", [1, 7 * 3, 2**24])
def test_the_nearest_is_found_in_parts_of_any_size(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval, "_CHUNK_CELLS", cells)
    places, scores = nearest(at_angles(0, 50, 10, 100, 60, 180, 95))
    assert places.tolist() == [2, 4, 0, 6, 1, 3, 3]
    assert scores == pytest.approx(np.cos(np.radians([10, 10, 10, 5, 10, 80, 5])))
    assert nearest(at_angles(50, 99), at_angles(90, 40))[0].tolist() == [1, 0]


def test_length_does_not_count() -> None:
    generator = np.random.default_rng(0)
    embeddings, labels = generator.normal(size=(50, 8)), list("abcde") * 10
    longer = embeddings * generator.uniform(0.1, 10, size=(50, 1))
    first, second = retrieval_metrics(embeddings, labels), retrieval_metrics(longer, labels)
    assert first.ndcg_at_10 == pytest.approx(second.ndcg_at_10)


def test_ndcg_and_rank_are_those_of_scikit_learn() -> None:
    generator = np.random.default_rng(1)
    queries, corpus = generator.normal(size=(30, 6)), generator.normal(size=(80, 6))
    wanted = generator.permutation(80)[:30]
    found = retrieval_metrics(
        queries, [str(i) for i in wanted], corpus=corpus, corpus_labels=[str(i) for i in range(80)]
    )
    unit = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (queries, corpus)]
    relevant = np.eye(80)[wanted]
    assert found.ndcg_at_10 == pytest.approx(ndcg_score(relevant, unit[0] @ unit[1].T, k=10))
    # With one relevant text, the average precision is the reciprocal rank.
    assert found.mrr == pytest.approx(label_ranking_average_precision_score(relevant, unit[0] @ unit[1].T))


def test_a_collapsed_encoder_gains_nothing_from_ties() -> None:
    found = retrieval_metrics(np.ones((40, 4)), ["a"] * 20 + ["b"] * 20)
    assert (found.hit_rate[10], found.ndcg_at_10) == (0.0, 0.0)
    assert found.mrr == pytest.approx(1 / 21)


def test_depths_beyond_the_corpus_are_taken() -> None:
    found = retrieval_metrics(at_angles(0, 1, 90), ["a", "a", "b"], ks=(50,))
    assert found.recall == {50: 1.0}


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(2)
    embeddings, labels = generator.normal(size=(60, 5)), list("abc") * 20
    whole = retrieval_metrics(embeddings, labels)
    monkeypatch.setattr("modelcore.evaluation.retrieval._CHUNK_CELLS", 60 * 7)
    chunked = retrieval_metrics(embeddings, labels)
    assert chunked.recall == pytest.approx(whole.recall)
    assert (chunked.mrr, chunked.ndcg_at_10) == pytest.approx((whole.mrr, whole.ndcg_at_10))


def test_json_holds_plain_types() -> None:
    plain = retrieval_metrics(at_angles(0, 1), ["a", "a"]).to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["recall_at_1"] == 1.0


def test_a_hit_rate_has_its_interval() -> None:
    corpus = at_angles(*range(40))
    labels = [str(number) for number in range(40)]
    found = retrieval_metrics(corpus, labels[20:] + labels[20:], corpus=corpus, corpus_labels=labels)
    low, high = found.hit_rate_interval[1]
    assert found.hit_rate[1] == 0.5
    assert 0.3 < low < 0.4 < 0.6 < high < 0.7


def test_what_cannot_be_measured_gets_a_sentence() -> None:
    with pytest.raises(InputError, match="No text shares its label"):
        retrieval_metrics(at_angles(0, 1), ["a", "b"])
    with pytest.raises(InputError, match="one label for each"):
        retrieval_metrics(at_angles(0, 1), ["a"])
    with pytest.raises(InputError, match="cannot be compared"):
        retrieval_metrics(at_angles(0), ["a"], corpus=np.ones((1, 3)), corpus_labels=["a"])
