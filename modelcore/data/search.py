"""What an embedder is asked to find and what counts as found: one answer for all that judge it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from modelcore.data.normal import normalise
from modelcore.data.texts import LabelledTexts, TextPairs
from modelcore.evaluation.retrieval import RetrievalMetrics, retrieval_metrics

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Search:
    """n queries among m texts.

    Args:
        queries: n texts.
        sought: n keys, each of what its query should find.
        corpus: m texts; None searches the other queries, never the query itself.
        answers: m sets of keys, each of what its text is a right find for.
        names: m names for people, of what was found.
    """

    queries: tuple[str, ...]
    sought: tuple[str, ...]
    corpus: tuple[str, ...] | None
    answers: tuple[frozenset[str], ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, rows: LabelledTexts | TextPairs) -> Self:
        """Each text among the others of its label, or each anchor among the different positives of all rows.

        Right for an anchor is every positive that some row gives to it; a label names what is found by it.
        """
        if isinstance(rows, LabelledTexts):
            own = tuple(frozenset([label]) for label in rows.labels)
            return cls(rows.texts, rows.labels, None, own, rows.labels)
        anchors = tuple(normalise(anchor) for anchor in rows.anchors)
        right: dict[str, set[str]] = defaultdict(set)
        for anchor, positive in zip(anchors, rows.positives, strict=True):
            right[positive].add(anchor)
        corpus = tuple(right)
        return cls(rows.anchors, anchors, corpus, tuple(map(frozenset, right.values())), corpus)

    def is_right(self, query: int, place: int) -> bool:
        """Whether the text at this place is what the query should find."""
        return self.sought[query] in self.answers[place]

    def embed(self, embed: Callable[[tuple[str, ...]], Floats]) -> tuple[Floats, Floats | None]:
        """(n, D) vectors of the queries and (m, D) of the corpus, as `metrics` and `nearest` take them."""
        return embed(self.queries), None if self.corpus is None else embed(self.corpus)

    def metrics(self, queries: Floats, corpus: Floats | None) -> RetrievalMetrics:
        """How well vectors that `embed` gave find what is right.

        Raises:
            InputError: no query has anything to find.
        """
        return retrieval_metrics(queries, self.sought, corpus=corpus, corpus_labels=self.answers)
