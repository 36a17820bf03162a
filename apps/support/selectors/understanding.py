"""Why the bot thought what it thought, and what could be answered: read from what a decision has kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.support.models import AnswerTemplate, Conversation, Decision, Intent, Placeholder
from apps.support.selectors.conversation import intent_titles

BEST = 3
NEAREST = 5
PLACEHOLDER = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")
ANY_LANGUAGE = "en"


@dataclass(frozen=True)
class Guess:
    """An intent that was considered, with its probability."""

    place: int
    name: str
    title: str
    confidence: float


@dataclass(frozen=True)
class Neighbour:
    text: str
    title: str
    similarity: float
    agrees: bool


@dataclass(frozen=True)
class Question:
    """One question of a message: what it may be, best first, and the labelled questions nearest to it."""

    text: str
    confidence: float
    guesses: list[Guess]
    neighbours: list[Neighbour]


@dataclass(frozen=True)
class BestAnswer:
    """An answer that an agent may insert; `missing` names the placeholders that stayed in it."""

    place: int
    name: str
    title: str
    confidence: float
    text: str
    missing: list[str]


def explained(decision: Decision) -> list[Question]:
    questions = decision.detail.get("questions", [])
    titles = intent_titles(
        [one["label"] for question in questions for one in (*question["top"], *question["neighbours"])]
    )
    return [_question(question, titles) for question in questions]


def guesses_of(questions: list[Question]) -> list[Guess]:
    """The best of every question first, then the runners-up; each intent once."""
    ranked = sorted(
        (guess for question in questions for guess in question.guesses),
        key=lambda guess: (guess.place > 1, -guess.confidence),
    )
    once = {guess.name: guess for guess in reversed(ranked)}
    best = sorted(once.values(), key=ranked.index)[:BEST]
    return [Guess(place, guess.name, guess.title, guess.confidence) for place, guess in enumerate(best, 1)]


def runners_up(decision: Decision, questions: list[Question]) -> list[Guess]:
    """What a message may be if it is not what it is held for."""
    held_for = decision.corrected_intent.name if decision.corrected_intent is not None else decision.intent
    return [guess for guess in guesses_of(questions) if guess.name != held_for]


def best_answers(conversation: Conversation, decision: Decision, *, is_private: bool) -> list[BestAnswer]:
    """What each of the three best intents is answered with, in the customer's language where there is one.

    `is_private` keeps what is known of the customer out of it.
    """
    guesses = guesses_of(explained(decision))
    corrected = decision.corrected_intent
    if corrected is not None:
        others = [guess for guess in guesses if guess.name != corrected.name]
        guesses = [Guess(1, corrected.name, corrected.title, 1.0), *others][:BEST]
    bodies = current_bodies([guess.name for guess in guesses], conversation.language)
    values = {} if is_private else known_values(conversation, decision)
    answered = [(guess, bodies[guess.name]) for guess in guesses if guess.name in bodies]
    return [
        BestAnswer(place, guess.name, guess.title, guess.confidence, *filled(body, values))
        for place, (guess, body) in enumerate(answered, 1)
    ]


def current_bodies(names: list[str], language: str) -> dict[str, str]:
    templates = AnswerTemplate.objects.filter(
        intent__name__in=names, is_current=True, language__in={language, ANY_LANGUAGE}
    ).values_list("intent__name", "language", "body")
    return {name: body for name, _language, body in sorted(templates, key=lambda one: one[1] == language)}


def known_values(conversation: Conversation, decision: Decision) -> dict[str, str]:
    """Fixed values, then what the shop knows of the customer, then what they wrote themselves."""
    fixed = dict(Placeholder.objects.filter(source=Placeholder.Source.SETTING).values_list("name", "value"))
    visitor = conversation.visitor
    named = {"customer_name": visitor.name} if visitor.name else {}
    told: Mapping[str, Any] = {**named, **visitor.context, **decision.detail.get("slots", {})}
    return {
        **fixed,
        **{name: str(value) for name, value in told.items() if isinstance(value, str | int | float)},
    }


def filled(body: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    missing = [name for name in PLACEHOLDER.findall(body) if name not in values]
    text = PLACEHOLDER.sub(lambda match: values.get(match[1], f"{{{{{match[1]}}}}}"), body)
    return text, list(dict.fromkeys(missing))


def intents_to_choose() -> list[tuple[str, str]]:
    return list(Intent.objects.filter(is_active=True).order_by("title").values_list("name", "title"))


def _question(question: dict[str, Any], titles: dict[str, str]) -> Question:
    best = question["top"][0]["label"] if question["top"] else ""
    return Question(
        text=question["text"],
        confidence=question["confidence"],
        guesses=[
            Guess(place, one["label"], titles.get(one["label"], one["label"]), one["confidence"])
            for place, one in enumerate(question["top"][:BEST], 1)
        ],
        neighbours=[
            Neighbour(
                one["text"], titles.get(one["label"], one["label"]), one["similarity"], one["label"] == best
            )
            for one in question["neighbours"][:NEAREST]
        ],
    )
