"""A bot whose knowledge is known: words stand for intents, and it is as sure as it is told to be."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from apps.support.engine.deciding import Judge
from apps.support.engine.decision import Neighbour, Ranked, Understood
from apps.support.selectors.knowledge import read_answers
from apps.support.services import answering
from apps.support.services.understanding import Judging

INTENT_OF_WORD = {
    "parcel": "track_order",
    "cancel": "cancel_order",
    "return": "return_item",
    "pay": "payment_methods",
    "colleague": "speak_to_person",
}


def understand_words(texts: Sequence[str]) -> list[Understood]:
    """Sure of a text with exactly one word that stands for an intent."""
    return [_understood(text) for text in texts]


def _understood(text: str) -> Understood:
    intents = list(dict.fromkeys(INTENT_OF_WORD[word] for word in INTENT_OF_WORD if word in text.lower()))
    best = intents[0] if intents else "complaint"
    sure = 0.97 if len(intents) == 1 else 0.4
    near = (Neighbour(f"near {best}", best, 0.8),)
    return Understood(text=text, top=(Ranked(best, sure),), neighbours=near, confidence=sure)


SURE = Judge(understand_words, 0.9)
UNCERTIFIED = Judge(understand_words, None)


@dataclass
class WordUnderstanding:
    """Stands where a process has its model; counts what it was asked."""

    judge: Judge | None = SURE
    asked: int = 0

    @contextmanager
    def judging(self) -> Iterator[Judging]:
        self.asked += 1
        yield Judging(read_answers(), self.judge)

    def put_in(self, monkeypatch: pytest.MonkeyPatch) -> "WordUnderstanding":
        monkeypatch.setattr(answering, "understanding", lambda: self)
        return self
