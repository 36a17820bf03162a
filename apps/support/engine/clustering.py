"""Questions that nobody could answer → groups that may be one intent each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALLEST = 3
APART = 0.5  # cosine distance from which on two groups stay two
MOST = 2_000
LONGEST_TITLE = 120  # characters


@dataclass(frozen=True)
class Cluster:
    """Places of its questions, the most central first; `cohesion` is their mean cosine to the centre."""

    places: tuple[int, ...]
    cohesion: float


def cluster(vectors: NDArray[np.float32] | Any) -> list[Cluster]:
    """Group what lies near by average linkage; there is nothing random in it.

    Args:
        vectors: (n, D) float, dense or sparse, of length 1; beyond MOST the first are taken.
    Returns:
        The groups of at least SMALLEST, the largest first, then the most alike.
    Source: Sokal and Michener, A statistical method for evaluating systematic relationships, 1958 (UPGMA).
    """
    from sklearn.cluster import AgglomerativeClustering

    if vectors.shape[0] < SMALLEST:
        return []
    cosines = _cosines(vectors[:MOST])
    joined = AgglomerativeClustering(
        n_clusters=None, distance_threshold=APART, metric="precomputed", linkage="average"
    ).fit_predict(np.clip(1 - cosines, 0, 2))
    found = [_described(cosines, np.flatnonzero(joined == one)) for one in np.unique(joined)]
    kept = [one for one in found if len(one.places) >= SMALLEST]
    return sorted(kept, key=lambda one: (-len(one.places), -one.cohesion, one.places))


def title_of(texts: Sequence[str]) -> str:
    """What to call a group until somebody names it: its most central question."""
    first = " ".join(texts[0].split())
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1].rstrip()}…"


def _cosines(vectors: NDArray[np.float32] | Any) -> NDArray[np.float64]:
    """(n, n), between each two: sparse vectors of many words would not fit into memory as dense ones."""
    from scipy.sparse import issparse

    products: Any = vectors @ vectors.T
    return np.asarray(products.toarray() if issparse(products) else products, dtype=np.float64)


def _described(cosines: NDArray[np.float64], places: NDArray[np.int64]) -> Cluster:
    among = cosines[np.ix_(places, places)]
    # The mean of all products is the squared length of the mean vector.
    near = among.mean(axis=1) / max(float(np.sqrt(max(among.mean(), 0.0))), 1e-12)
    order = np.argsort(-near, kind="stable")
    return Cluster(tuple(int(place) for place in places[order]), round(float(near.mean()), 4))
