"""Labelled questions that say nearly the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from modelcore.data.normal import normalise
from modelcore.vectors import Entry, VectorIndex

# Cosines, chosen on BANKING77 with the bundled MiniLM: of one intent only what is nearly the same sentence
# adds nothing; of two intents a paraphrase already is a label to look at.
WITHIN, ACROSS = 0.97, 0.93
SAME = 0.99999  # up to rounding
# Of one question; a crowd of them is found by its members all the same.
MOST_EACH = 5
BATCH = 1024


@dataclass(frozen=True)
class NearPair:
    """Two entries, the one with the smaller key first, and their cosine."""

    one: Entry
    other: Entry
    similarity: float

    @property
    def is_across(self) -> bool:
        return self.one.label != self.other.label


def near_pairs(index: VectorIndex, *, most: int) -> list[NearPair]:
    """The pairs of an index that are nearly the same, those of two intents first, then the most similar.

    Each entry is looked up once in the index, so the cost grows as that of its search.

    Args:
        index: of labelled questions.
        most: how many pairs at most, at least 1.
    """
    found: dict[tuple[str, str], NearPair] = {}
    for pair in _candidates(index):
        if pair.similarity >= (ACROSS if pair.is_across else WITHIN) and _is_read(pair):
            found[pair.one.key, pair.other.key] = pair
    return sorted(found.values(), key=lambda pair: (not pair.is_across, -pair.similarity))[:most]


def _is_read(pair: NearPair) -> bool:
    """What an encoder has no piece for, such as a rare ideograph, it reads as one: that two texts then have
    the same vector says nothing of them. Of accents it reads nothing either, and these weigh little."""
    return pair.similarity < SAME or _bare(pair.one.text) == _bare(pair.other.text)


def _bare(text: str) -> str:
    parted = unicodedata.normalize("NFD", normalise(text))
    return "".join(character for character in parted if not unicodedata.combining(character))


def _candidates(index: VectorIndex) -> Iterator[NearPair]:
    if not len(index):
        return
    vectors = index.vectors(range(len(index)))
    for start in range(0, len(index), BATCH):
        batch = slice(start, start + BATCH)
        hits = index.search(vectors[batch], k=MOST_EACH + 1)
        for own, near in zip(index.entries[batch], hits, strict=True):
            for hit in near:
                if hit.entry.key != own.key:
                    one, other = sorted((own, hit.entry), key=lambda entry: entry.key)
                    yield NearPair(one, other, hit.similarity)
