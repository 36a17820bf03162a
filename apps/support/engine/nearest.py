"""The labelled questions nearest to a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.support.engine.decision import Neighbour
from apps.support.engine.novelty import Bigrams
from apps.support.engine.scoring import NEIGHBOURS, Neighbourhood, votes
from modelcore.vectors import Entry, Hit, VectorIndex

SAMPLE = 2000
SAMPLE_SEED = 0
SMALLEST_SPREAD = 1e-3
Embed = Callable[[Sequence[str]], NDArray[np.float32]]


class Nearest:
    """An index with what embeds the texts that are looked up in it; any number of threads may ask it.

    Args:
        embed: texts to (n, D) float32 vectors of length 1; the same that the index was built with.
        index: of labelled questions.
    """

    def __init__(self, embed: Embed, index: VectorIndex) -> None:
        self._embed = embed
        self.index = index
        self._bigrams = Bigrams(entry.text for entry in index.entries)

    @classmethod
    def build(cls, embed: Embed, questions: Sequence[Entry]) -> Self:
        """Index questions; those that a certificate is made on must not be among them."""
        return cls(embed, VectorIndex.build(embed([one.text for one in questions]), questions))

    def find(self, texts: Sequence[str], *, k: int = NEIGHBOURS) -> list[tuple[Neighbour, ...]]:
        """The k nearest questions of each text, the nearest first."""
        return [_neighbours(hits) for hits in self.index.search(self._embed(texts), k=k)]

    def novelty(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """(n,) how much of each text's wording no question holds, in [0, 1]."""
        return np.array([self._bigrams.novelty(text) for text in texts], dtype=np.float64)

    def neighbourhood(self) -> Neighbourhood:
        """How the indexed questions lie among one another, by asking SAMPLE of them for their neighbours.

        Source: the doubt is the most likely one, by leave-one-out, of the intents of these questions when a
            vote is mixed with pure chance (Jelinek and Mercer 1980).
        """
        entries = self.index.entries
        labels = sorted({entry.label for entry in entries})
        if len(labels) < 2:
            return Neighbourhood()
        count = min(SAMPLE, len(entries))
        places = np.random.default_rng(SAMPLE_SEED).permutation(len(entries))[:count].tolist()
        asked = [entries[place] for place in places]
        found = self.index.search(self.index.vectors(places), k=NEIGHBOURS + 1)
        others = [
            _neighbours([hit for hit in hits if hit.entry.key != own.key])[:NEIGHBOURS]
            for own, hits in zip(asked, found, strict=True)
        ]
        low, near, middle = np.quantile([near[0].similarity for near in others], [0.05, 0.25, 0.5])
        spread = max(float(middle - low), SMALLEST_SPREAD)
        own_labels = [labels.index(own.label) for own in asked]
        own_votes = votes(labels, others, spread)[np.arange(count), own_labels]
        doubts = np.linspace(0.001, 1, 1000)
        likelihoods = [np.log((1 - doubt) * own_votes + doubt / len(labels)).sum() for doubt in doubts]
        novelty = [self._bigrams.novelty(own.text, is_labelled=True) for own in asked]
        return Neighbourhood(
            near=float(near),
            spread=spread,
            doubt=float(doubts[int(np.argmax(likelihoods))]),
            usual_novelty=float(np.quantile(novelty, 0.75)),
        )


def _neighbours(hits: Sequence[Hit]) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(hit.entry.text, hit.entry.label, hit.similarity) for hit in hits)
