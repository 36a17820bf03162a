"""What the engine says of a customer's message: plain values that are stored, shown and replayed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

# Precisions that a lead may ask for of what the bot answers.
TARGETS = (0.95, 0.98, 0.99)


class Action(StrEnum):
    ANSWER = "answer"
    ASK = "ask"
    SMALL_TALK = "small_talk"
    HAND_OVER = "hand_over"
    SUGGEST = "suggest"  # to the person who has the conversation; nothing is said to the customer


class Reason(StrEnum):
    """Why the action was taken, or why people see to it; a code, which pages say in the reader's language."""

    CERTIFIED = "certified"  # confident enough, and the neighbours agree
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    IDENTITY = "identity"  # the customer asks what it is that answers
    MOMENT = "moment"  # asked for something, the customer looks for it first
    SLOT_MISSING = "slot_missing"  # the answer needs a value that the customer is asked for
    WANTS_PERSON = "wants_person"
    NOT_CONFIDENT = "not_confident"  # below the certified threshold
    NO_AGREEMENT = "no_agreement"  # the classifier and the nearest questions disagree
    NEGATED = "negated"  # it says what the customer does not want, as no labelled question of the intent does
    UNKNOWN_TOPIC = "unknown_topic"  # nothing known lies near
    NOT_CERTIFIED = "not_certified"  # nobody has measured yet from which confidence on it may answer
    NO_CERTIFICATE = "no_certificate"  # too little calibration data to answer on
    NO_TEMPLATE = "no_template"
    MASKED_ANSWER = "masked_answer"  # a label stands in the answer, where personal data was masked
    VALUE_MISSING = "value_missing"  # the answer needs a value that nobody has
    NO_MODEL = "no_model"
    FAILED = "failed"  # something that nobody foresaw
    TOO_LONG = "too_long"
    EMPTY = "empty"
    ASKED_AGAIN = "asked_again"  # the customer was asked or answered the same before and repeats it
    HOLD_OUT = "hold_out"
    PART_UNANSWERED = "part_unanswered"  # of several questions one could not be answered
    NOT_SOLVED = "not_solved"  # the customer says so, in words or by a button
    # Why a conversation came to the queue without the bot.
    RETURNED = "returned"
    AGENT_AWAY = "agent_away"
    REOPENED = "reopened"
    OFFLINE_FORM = "offline_form"
    TAKEN = "taken"  # not to the queue at all: an agent took it over from the bot, or opened it again
    JOINED = "joined"  # the customer signed in, and people had an older conversation of theirs


@dataclass(frozen=True)
class Neighbour:
    """A labelled question near the customer's, by cosine similarity in [-1, 1]."""

    text: str
    label: str
    similarity: float


@dataclass(frozen=True)
class Ranked:
    """An intent and its probability in [0, 1], of classifier and neighbours together."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Understood:
    """One question.

    Args:
        text: masked.
        top: the three most probable intents, the best first.
        neighbours: the nearest labelled questions, the nearest first.
        confidence: that answering with the best intent is right, in [0, 1]; what a certificate's threshold
            is compared with. 0 where people gave the same words another intent.
    """

    text: str
    top: tuple[Ranked, ...]
    neighbours: tuple[Neighbour, ...]
    confidence: float

    @property
    def intent(self) -> str:
        return self.top[0].label if self.top else ""


@dataclass(frozen=True)
class Verdict:
    """What to do with a whole message.

    Args:
        action: see Action.
        reason: see Reason.
        reply: the text to send; empty for a hand-over.
        questions: the parts of the message that were understood, in order.
        slots: values found in the conversation and the customer's context.
        missing: the placeholders that have no value.
        language: that the customer is answered in; empty where nothing was decided.
    """

    action: Action
    reason: Reason
    reply: str = ""
    questions: tuple[Understood, ...] = ()
    slots: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    language: str = ""

    @property
    def intent(self) -> str:
        return self.questions[0].intent if self.questions else ""

    @property
    def confidence(self) -> float | None:
        """Of the least certain question, for an answer is as sure as its weakest part; None where nobody has
        measured what one is worth."""
        if self.reason is Reason.NOT_CERTIFIED:
            return None
        return min((question.confidence for question in self.questions), default=None)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
