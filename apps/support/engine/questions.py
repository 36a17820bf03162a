"""The questions of a message: several are parted, one told in several sentences is kept whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from apps.support.engine.phrases import phrases
from apps.support.engine.sentences import joined, plain, sentences, words
from apps.support.engine.small_talk import is_preamble, small_talk_of, without_greeting

_INTERROGATIVE = "how|what|when|where|which|who|why"
_AUXILIARY = "do|does|is|are|can|could|will|would|should"
_ASKING = rf"(?=(?:{_INTERROGATIVE}|{_AUXILIARY})\s)"
_TURN = re.compile(
    rf"\s*[,;]?\s+(?:and|also|plus)(?: also| then)? {_ASKING}"
    rf"|\s*[,;]\s+{_ASKING}|[，；、](?:还有|另外|以及|然后|并且|而且|同时)?",
    re.IGNORECASE,
)
# What begins another wish, also where the one before is told and not asked.
_ADDED = re.compile(
    rf",?\s+(?:and also|also|plus)\s+|,?\s+and (?=(?:{_INTERROGATIVE})\s"
    rf"|(?:{_AUXILIARY}) (?:i|you|we|they|there|the|my)\s)"
    r"|[，；、](?:还有|另外|以及|并且|而且|同时)",
    re.IGNORECASE,
)
_IS_ANOTHER = re.compile(r"\balso\b|还有|另外", re.IGNORECASE)
SHORTEST = 4  # words of a question that can be understood alone
SHORTEST_WISH = 3


@dataclass(frozen=True)
class Part:
    """A question and the story that leads to it; `is_separate` where its own sentence asks it, and not only a
    clause that might belong to the one before."""

    text: str
    is_separate: bool


def split_questions(text: str) -> tuple[Part, ...]:
    """
    Args:
        text: a message.

    Returns:
        Its questions in order; the whole of what it tells as one where it does not ask several. Greetings,
        thanks and the like are left out; nothing where there is nothing else.
    """
    told = tuple(
        without_greeting(sentence)
        for sentence in sentences(text)
        if small_talk_of(sentence) is None and not is_preamble(sentence)
    )
    parts: list[Part] = []
    story: list[str] = []
    for sentence in told:
        story.append(sentence)
        if not is_question(sentence):
            continue
        if parts and not _stands_alone(joined(story)):
            parts[-1] = Part(f"{parts[-1].text} {' '.join(story)}", parts[-1].is_separate)
        else:
            parts += _clauses(joined(story))
        story = []
    if story and parts:
        parts[-1] = Part(f"{parts[-1].text} {' '.join(story)}", parts[-1].is_separate)
    elif story:
        parts = _clauses(joined(story))
    return tuple(parts)


def whole_of(parts: tuple[Part, ...]) -> str:
    """What the parts tell, as one text."""
    return joined(part.text for part in parts)


def is_question(sentence: str) -> bool:
    said = plain(sentence)
    return sentence.rstrip("\"'”’) ").endswith(("?", "？")) or phrases("question").search(said) is not None


def _stands_alone(sentence: str, shortest: int = SHORTEST) -> bool:
    said = plain(sentence)
    return len(words(sentence)) >= shortest and phrases("refers_back").search(said) is None


def _clauses(sentence: str) -> list[Part]:
    """The questions or wishes that a sentence strings together, or the sentence."""
    asked = _split(_TURN, sentence)
    if len(asked) > 1 and all(is_question(clause) and len(words(clause)) >= SHORTEST for clause in asked):
        return [Part(clause, not place) for place, clause in enumerate(asked)]
    wished = _split(_ADDED, sentence)
    if len(wished) > 1 and all(_stands_alone(clause, SHORTEST_WISH) for clause in wished):
        is_another = _IS_ANOTHER.search(sentence) is not None
        return [Part(clause, is_another) for clause in wished]
    return [Part(sentence, True)]


def _split(border: re.Pattern[str], sentence: str) -> list[str]:
    return [clause.strip() for clause in border.split(sentence) if clause.strip()]
