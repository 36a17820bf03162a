"""Messages that say little without the turn before them."""

from __future__ import annotations

from apps.support.engine.phrases import phrases
from apps.support.engine.sentences import is_chinese, plain, words

LONGEST = 8  # words of a message that may lean on the last turn
LONGEST_CHINESE = 14


def is_assent(text: str) -> bool:
    """A yes or a no alone."""
    return phrases("assent").fullmatch(plain(text)) is not None


def is_pause(text: str) -> bool:
    """Whether who was asked for something agrees to look for it, or wants a moment to."""
    return phrases("pause").fullmatch(plain(text)) is not None


def is_not_solved(text: str) -> bool:
    """Whether a message only says that the answer before it did not help."""
    return phrases("not_solved").fullmatch(plain(text)) is not None


def is_negated(text: str) -> bool:
    """Whether a message says what shall not be done, or was not asked for."""
    return phrases("negated").search(plain(text)) is not None


def is_fragment(text: str) -> bool:
    """Half a sentence, such as "Even if opened?", which alone may well be taken for something else."""
    return phrases("fragment").fullmatch(plain(text)) is not None


def leans_on_last_turn(text: str) -> bool:
    """Whether a message can only be understood with the question before it."""
    longest = LONGEST_CHINESE if is_chinese(text) else LONGEST
    if len(words(text)) > longest:
        return False
    return is_assent(text) or phrases("leaning").search(plain(text)) is not None
