"""How well embeddings bring texts of one label together."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcore.errors import InputError
from modelcore.evaluation.comparison import share_interval

_CHUNK_CELLS = 2**24  # similarities held at a time: 128 MiB
_TIE = 1e-6  # what float32 similarities of equal texts differ by


@dataclass(frozen=True)
class RetrievalMetrics:
    """Means over the queries that have at least one relevant text.

    `recall` is, by k, the share of a query's relevant texts among its first k; `hit_rate`, by k, the share of
    queries with at least one among them, with its 95 % interval; `mrr` the mean
    reciprocal rank of the first; `ndcg_at_10` with gains of 0 and 1. `skipped` queries had nothing relevant.
    """

    queries: int
    skipped: int
    recall: dict[int, float]
    hit_rate: dict[int, float]
    hit_rate_interval: dict[int, tuple[float, float]]
    mrr: float
    ndcg_at_10: float

    def to_json(self) -> dict[str, Any]:
        """The same as plain JSON: `recall` by k becomes recall_at_k, `hit_rate` hit_rate_at_k with its
        hit_rate_at_k_interval."""
        plain: dict[str, Any] = asdict(self)
        for name, end in (("recall", ""), ("hit_rate", ""), ("hit_rate", "_interval")):
            plain |= {f"{name}_at_{k}{end}": value for k, value in plain.pop(f"{name}{end}").items()}
        as_json: dict[str, Any] = json.loads(json.dumps(plain, allow_nan=False))
        return as_json


def retrieval_metrics(
    queries: NDArray[np.floating],
    query_labels: Sequence[str],
    *,
    corpus: NDArray[np.floating] | None = None,
    corpus_labels: Sequence[str | frozenset[str]] | None = None,
    ks: Sequence[int] = (1, 5, 10),
) -> RetrievalMetrics:
    """Rank a corpus by cosine similarity for each query, where the same label is relevant.

    Args:
        queries: (n, D) embeddings of any length.
        query_labels: n labels; for pairs, the pair's own name.
        corpus: (m, D); None searches the other queries, never the query itself.
        corpus_labels: m labels, given with `corpus`, or sets of all labels that the text is relevant for.
        ks: the depths of recall and hit rate, each at least 1.

    Returns:
        The metrics; ties are counted against the model, so that a collapsed encoder gains nothing.

    Raises:
        InputError: shapes do not fit, or no query has anything relevant.

    Source: Manning, Raghavan and Schuetze 2008, chapter 8; NDCG: Jarvelin and Kekalainen 2002.
    """
    searched, searched_labels = (queries, query_labels) if corpus is None else (corpus, corpus_labels or ())
    _check(queries, query_labels, searched, searched_labels)
    sought = _unit(queries)
    stored = sought if corpus is None else _unit(searched)
    places = _places_by_label(searched_labels)
    step = max(1, _CHUNK_CELLS // len(stored))
    parts = []
    for start in range(0, len(sought), step):
        rows = slice(start, start + step)
        similarity = sought[rows] @ stored.T
        relevant = np.zeros(similarity.shape, dtype=np.bool_)
        for row, label in zip(relevant, query_labels[rows], strict=True):
            row[places.get(label, [])] = True
        if corpus is None:
            own = np.arange(len(similarity))
            similarity[own, start + own] = -np.inf
            relevant[own, start + own] = False
        parts.append(_by_query(similarity, relevant, ks))
    return _mean(np.concatenate(parts), ks)


def nearest(
    queries: NDArray[np.floating], corpus: NDArray[np.floating] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.floating]]:
    """Find the most similar text of each query, without holding all similarities at once.

    Args:
        queries: (n, D) embeddings of length 1.
        corpus: (m, D), of length 1; None searches the other queries, never the query itself.

    Returns:
        (n,) its place, of several the first, and (n,) its cosine similarity.
    """
    stored = queries if corpus is None else corpus
    step = max(1, _CHUNK_CELLS // len(stored))
    places, scores = [], []
    for start in range(0, len(queries), step):
        similarity = queries[start : start + step] @ stored.T
        own = np.arange(len(similarity))
        if corpus is None:
            similarity[own, start + own] = -np.inf
        places.append(similarity.argmax(axis=1))
        scores.append(similarity[own, places[-1]])
    return np.concatenate(places), np.concatenate(scores)


def _places_by_label(labels: Sequence[str | frozenset[str]]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, of_text in enumerate(labels):
        for label in [of_text] if isinstance(of_text, str) else of_text:
            places[label].append(place)
    return dict(places)


def _check(
    queries: NDArray[np.floating],
    query_labels: Sequence[str],
    corpus: NDArray[np.floating],
    labels: Sequence[str | frozenset[str]],
) -> None:
    if queries.ndim != 2 or corpus.ndim != 2 or queries.shape[1] != corpus.shape[1]:
        raise InputError(
            "Embeddings of shapes {queries} and {corpus} cannot be compared.",
            queries=queries.shape,
            corpus=corpus.shape,
        )
    if len(queries) != len(query_labels) or len(corpus) != len(labels):
        raise InputError("There must be one label for each embedding.")


def _unit(embeddings: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = np.asarray(embeddings, dtype=np.float64)
    unit: NDArray[np.float64] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return unit


def _by_query(
    similarity: NDArray[np.float64], relevant: NDArray[np.bool_], ks: Sequence[int]
) -> NDArray[np.float64]:
    """Per query: number relevant, recalls, hits, reciprocal rank, NDCG@10."""
    similarity = np.where(relevant, similarity - _TIE, similarity)
    number = relevant.sum(axis=1)
    best = np.where(relevant, similarity, -np.inf).max(axis=1)
    rank = 1 + (~relevant & (similarity >= best[:, None])).sum(axis=1)
    depth = min(max(*ks, 10), similarity.shape[1])
    first = np.argpartition(-similarity, depth - 1, axis=1)[:, :depth]
    order = np.argsort(-np.take_along_axis(similarity, first, axis=1), axis=1, kind="stable")
    found = np.take_along_axis(relevant, np.take_along_axis(first, order, axis=1), axis=1)
    recalls = [found[:, :k].sum(axis=1) / np.maximum(number, 1) for k in ks]
    hits = [found[:, :k].any(axis=1) for k in ks]
    discounts = 1 / np.log2(np.arange(2, 12))
    gain = found[:, :10] @ discounts[: min(10, depth)]
    ideal = np.concatenate(([1.0], np.cumsum(discounts)))[np.minimum(number, 10)]
    return np.column_stack([number, *recalls, *hits, 1 / rank, gain / ideal])


def _mean(by_query: NDArray[np.float64], ks: Sequence[int]) -> RetrievalMetrics:
    counted = by_query[by_query[:, 0] > 0]
    if not len(counted):
        raise InputError("No text shares its label with another: retrieval cannot be measured on these data.")
    means = counted[:, 1:].mean(axis=0).tolist()
    hits = counted[:, 1 + len(ks) : 1 + 2 * len(ks)].T
    return RetrievalMetrics(
        queries=len(counted),
        skipped=len(by_query) - len(counted),
        recall=dict(zip(ks, means[: len(ks)], strict=True)),
        hit_rate=dict(zip(ks, means[len(ks) : 2 * len(ks)], strict=True)),
        hit_rate_interval={
            k: share_interval(int(of_k.sum()), len(of_k)) for k, of_k in zip(ks, hits, strict=True)
        },
        mrr=means[-2],
        ndcg_at_10=means[-1],
    )
