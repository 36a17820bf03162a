"""Which tag follows which: what turns the scores of single words into a path that hangs together."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from modelcore.errors import InputError
from modelcore.tasks.bio import Offsets, decode_spans, first_pieces

TRANSITIONS_FILE = "transitions.json"
SMOOTHING = 0.1  # sightings that each case has beforehand, so that none is impossible


@dataclass(frozen=True, eq=False)
class Transitions:
    """What speaks for a word's tag after the tag of the word before, on the scale of log-probabilities.

    Args:
        scores: (L + 1, L) float64; the last row is for the first word of a text.

    Source: Rabiner, A Tutorial on Hidden Markov Models, 1989, section III; here the words'
    scores come from an encoder.
    """

    scores: NDArray[np.float64]

    @classmethod
    def count(cls, paths: Iterable[Sequence[int]], *, tags: Sequence[str]) -> Self:
        """Learn how likely a word begins a span or goes on with one, given its label and the word before.

        Which labels follow one another is left alone: marked texts are too few to tell, and the words' scores
        hold already how often each label comes.

        Args:
            paths: the numbers of the words' tags, a sequence a text.
            tags: L names, as `bio_tags` gives them.
        """
        labels = [tag.partition("-")[2] for tag in tags]
        is_inside = np.array([tag.startswith("I-") for tag in tags], dtype=int)
        is_same = np.array(
            [[one == other for other in labels] for one in labels] + [[False] * len(tags)], dtype=int
        )
        counts = np.full((2, 2), SMOOTHING)  # [another label than before, the same], [begins, goes on]
        for path in paths:
            for before, word in itertools.pairwise((-1, *path)):
                if labels[word]:
                    counts[is_same[before, word], is_inside[word]] += 1
        chances = np.log(counts / counts.sum(axis=1, keepdims=True))
        return cls(np.where([bool(label) for label in labels], chances[is_same, is_inside], 0.0))

    def best_path(self, scores: NDArray[np.floating[Any]]) -> list[int]:
        """The likeliest tags of a text (the Viterbi algorithm).

        Args:
            scores: (W, L) log-probabilities of each word's tag alone.
        Returns:
            W numbers of tags.
        """
        if not len(scores):
            return []
        between, reached = self.scores[:-1], self.scores[-1] + scores[0]
        came_from = []
        for word in scores[1:]:
            ways = reached[:, None] + between
            came_from.append(ways.argmax(axis=0))
            reached = ways.max(axis=0) + word
        path = [int(reached.argmax())]
        for sources in reversed(came_from):
            path.append(int(sources[path[-1]]))
        return path[::-1]

    def find_spans(
        self, scores: NDArray[np.floating[Any]], offsets: Offsets, text: str, tags: Sequence[str]
    ) -> Iterator[tuple[int, int, str]]:
        """Mark a text.

        Args:
            scores: (T, L) log-probabilities of each token's tag alone.
            offsets: T pairs (start, end) in characters of `text`; empty ones belong to special tokens.
            text: what was cut into tokens.
            tags: L names, as `bio_tags` gives them.
        Returns:
            Spans as (start, end, label), in order.
        """
        path = self.best_path(scores[first_pieces(offsets, text)])
        return decode_spans([tags[number] for number in path], offsets, text)

    def to_json(self) -> bytes:
        """The bytes of TRANSITIONS_FILE in an artifact."""
        return json.dumps({"scores": self.scores.round(6).tolist()}).encode()

    @classmethod
    def from_json(cls, content: bytes, *, tags: int) -> Self:
        """Read what `to_json` gave.

        Raises:
            InputError: not the scores of so many tags.
        """
        try:
            scores = np.array(json.loads(content)["scores"], dtype=np.float64)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                "{file} holds no scores: pack the model again.", file=TRANSITIONS_FILE
            ) from error
        if scores.shape != (tags + 1, tags) or not np.isfinite(scores).all():
            raise InputError(
                "{file} is not for {tags} tags: pack the model again.",
                file=TRANSITIONS_FILE,
                tags=tags,
            )
        return cls(scores)
