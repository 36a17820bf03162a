"""What is known when a message is to be decided: what was said before, and what may be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.support.engine.languages import DEFAULT_LANGUAGE
from apps.support.engine.placeholders import Placeholder


@dataclass(frozen=True)
class Turn:
    """A customer's message that was decided before.

    Args:
        body: as it was written.
        questions: the texts that were understood in it; empty for small talk.
        asked: the placeholder that the customer was asked for in reply.
        language: that it was answered in; empty where nobody knows.
    """

    body: str
    questions: tuple[str, ...] = ()
    asked: str = ""
    language: str = ""

    @property
    def waiting(self) -> str:
        """The question that is answered once the customer gives what was asked for."""
        return " ".join(self.questions)


@dataclass(frozen=True)
class Situation:
    """
    Args:
        text: the message, masked.
        body: the message as it was written.
        turns: the customer's messages before it, the oldest first.
        replies: what the bot has said in this conversation.
        context: what the shop knows of this customer.
        language: to answer in where neither the message nor a turn before tells one.
    """

    text: str
    body: str
    turns: tuple[Turn, ...] = ()
    replies: frozenset[str] = frozenset()
    context: Mapping[str, object] = field(default_factory=dict)
    language: str = DEFAULT_LANGUAGE

    @property
    def last_turn(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    @property
    def last_question(self) -> Turn | None:
        """The last turn that asked something, whatever small talk came after it."""
        return next((turn for turn in reversed(self.turns) if turn.questions), None)

    @property
    def asked(self) -> str:
        """The placeholder that the customer was asked for and has not told yet; small talk leaves it open."""
        return self.last_question.asked if self.last_question else ""


@dataclass(frozen=True)
class Knowledge:
    """
    Args:
        answers: the template of an intent in a language, by both.
        placeholders: by name.
    """

    answers: Mapping[tuple[str, str], str]
    placeholders: Mapping[str, Placeholder]

    def language_of(self, intent: str, language: str) -> str | None:
        """The language to answer an intent in: this one, else English, else there is no answer."""
        return next((one for one in (language, DEFAULT_LANGUAGE) if (intent, one) in self.answers), None)

    def answer_in(self, intent: str, language: str) -> str | None:
        found = self.language_of(intent, language)
        return self.answers[intent, found] if found else None


@dataclass(frozen=True)
class Wording:
    """What is said to small talk, and to who looks for what was asked first, in one language."""

    greeting: str
    thanks: str
    goodbye: str
    identity: str
    moment: str
