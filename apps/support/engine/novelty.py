"""How much of a text's wording the labelled questions lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from apps.support.engine.sentences import words


class Bigrams:
    """Which words stand beside which in the labelled questions.

    Questions to another business use the words of this one's customers, yet seldom side by side as they do.
    That tells texts apart which an encoder finds near.

    Source: Arora et al. 2021, "Types of out-of-distribution texts and how to detect them": a density of the
        text beside the calibration of the classifier.
    """

    def __init__(self, questions: Iterable[str]) -> None:
        self._holders: Counter[str | tuple[str, str]] = Counter()
        for question in questions:
            found = words(question)
            self._holders.update({*pairwise(found), *found})

    def novelty(self, text: str, *, is_labelled: bool = False) -> float:
        """
        Args:
            is_labelled: the text is one of those questions, and is not compared with itself.

        Returns:
            The share of its bigrams that no question holds; of a text of one word 1 if none holds it; 0
            without words.
        """
        found = words(text)
        parts = tuple(pairwise(found)) or found
        return sum(self._holders[part] <= is_labelled for part in parts) / max(1, len(parts))
