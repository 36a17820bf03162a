"""Which words of a question weighed for an intent: what the classifier says without each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WORD = re.compile(r"[\u3400-\u9fff]|\[[A-Z_]+\]|[^\W_]+(?:['’][^\W_]+)*")
MOST_WORDS = 60
SMALLEST = 1e-9


@dataclass(frozen=True)
class WeighedWord:
    """A word, where it stands, and by how much the log-odds of the intent fall without it."""

    text: str
    start: int
    end: int
    weight: float


def weigh_words(
    text: str, label: int, probabilities: Callable[[Sequence[str]], NDArray[np.float64]]
) -> tuple[WeighedWord, ...]:
    """The words in order; of a longer text the first MOST_WORDS.

    Args:
        text: masked.
        label: the place of the intent among the classifier's.
        probabilities: (n, L) of n texts, as the version that answered serves them.

    Source: Li, Monroe and Jurafsky 2016, "Understanding neural networks through representation erasure".
    """
    words = list(WORD.finditer(text))[:MOST_WORDS]
    if not words:
        return ()
    without = [f"{text[: word.start()]} {text[word.end() :]}".strip() or "." for word in words]
    found = probabilities([text, *without])[:, label].clip(SMALLEST, 1 - SMALLEST)
    log_odds = np.log(found) - np.log1p(-found)
    return tuple(
        WeighedWord(word[0], word.start(), word.end(), float(log_odds[0] - lower))
        for word, lower in zip(words, log_odds[1:], strict=True)
    )
