"""Which words of a question weighed: what is lost of an intent's probability without each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apps.support.engine.sentences import WORD

# Later words of a long message are shown and not weighed: each costs a prediction.
MOST_WORDS = 48


@dataclass(frozen=True)
class Piece:
    """A word with what it weighs in [-1, 1], or what stands between words, with None."""

    text: str
    weight: float | None = None


def weigh(text: str, probabilities: Callable[[Sequence[str]], Sequence[float]]) -> tuple[Piece, ...]:
    """The pieces of a text, which joined are the text again.

    Args:
        text: masked.
        probabilities: of the intent, in [0, 1], for each of several texts.
    Source: Li, Monroe and Jurafsky, Understanding Neural Networks through Representation Erasure, 2016.
    """
    spans = [match.span() for match in WORD.finditer(text)]
    weighed = spans[:MOST_WORDS]
    if not weighed:
        return (Piece(text),)
    whole, *without = probabilities([text, *(text[:start] + text[end:] for start, end in weighed)])
    pieces: list[Piece] = []
    reached = 0
    for (start, end), rest in zip(weighed, without, strict=True):
        if start > reached:
            pieces.append(Piece(text[reached:start]))
        pieces.append(Piece(text[start:end], whole - rest))
        reached = end
    return (*pieces, Piece(text[reached:])) if reached < len(text) else tuple(pieces)
