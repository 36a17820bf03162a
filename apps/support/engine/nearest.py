"""The labelled questions nearest to a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.support.engine.decision import Neighbour
from apps.support.engine.scoring import NEIGHBOURS
from modelcore.vectors import Entry, VectorIndex

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

    @classmethod
    def build(cls, embed: Embed, questions: Sequence[Entry]) -> Self:
        """Index questions; those that a certificate is made on must not be among them."""
        return cls(embed, VectorIndex.build(embed([one.text for one in questions]), questions))

    def find(self, texts: Sequence[str], *, k: int = NEIGHBOURS) -> list[tuple[Neighbour, ...]]:
        """The k nearest questions of each text, the nearest first."""
        return [
            tuple(Neighbour(hit.entry.text, hit.entry.label, hit.similarity) for hit in hits)
            for hits in self.index.search(self._embed(texts), k=k)
        ]
