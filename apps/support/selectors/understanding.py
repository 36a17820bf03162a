"""Why the bot thought what it thought, and what could be answered: read from what a decision has kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from apps.support.engine.languages import language_told
from apps.support.engine.placeholders import typed
from apps.support.engine.situation import Knowledge, Turn
from apps.support.engine.slots import fill, find_in
from apps.support.engine.templates import put_in
from apps.support.models import Conversation, Decision, Intent, Message
from apps.support.selectors.knowledge import read_answers
from apps.support.selectors.thread import intent_titles
from modelcore.privacy import labels_in, mask

BEST = 3
NEAREST = 5
Value = TypeVar("Value")


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
    """An answer that an agent may insert; placeholders without a value are still in it."""

    place: int
    name: str
    title: str
    confidence: float
    text: str


@dataclass(frozen=True)
class Offered:
    """What an intent is answered with, the language of that, and what its customer's values are, by name."""

    body: str
    language: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Values:
    """What placeholders can be filled with: found in what the customer wrote, and told by the shop."""

    found: Mapping[str, str]
    context: Mapping[str, object]


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


def best_answers(conversation: Conversation, decision: Decision, *, may_unmask: bool) -> list[BestAnswer]:
    """What each of the three best intents is answered with, in the customer's language where there is one.

    Personal data isn't filled in: who looks at it asks for it, and that is on the trail. What the shop tells
    of the customer, names among it, is for those who may ask.
    """
    guesses = guesses_of(explained(decision))
    corrected = decision.corrected_intent
    if corrected is not None:
        others = [guess for guess in guesses if guess.name != corrected.name]
        guesses = [Guess(1, corrected.name, corrected.title, 1.0), *others][:BEST]
    knowledge = read_answers().knowledge
    values = _open_only(_known(conversation, decision, knowledge))
    if not may_unmask:
        values = replace(values, context={})
    language = _language(conversation, decision)
    bodies = {guess.name: knowledge.answer_in(guess.name, language) for guess in guesses}
    # One that holds a mask is sent by nobody.
    answered = [(guess, body) for guess in guesses if (body := bodies[guess.name]) and not labels_in(body)]
    return [
        BestAnswer(place, guess.name, guess.title, guess.confidence, filled(body, knowledge, values))
        for place, (guess, body) in enumerate(answered, 1)
    ]


def offered_answer(conversation: Conversation, decision: Decision, intent: str) -> Offered:
    """Without an answer to the intent the body is empty. Values that it does not name are told, too: an agent
    may have written them; but not those that it says to everybody."""
    knowledge = read_answers().knowledge
    spoken = _language(conversation, decision)
    language = knowledge.language_of(intent, spoken) or spoken
    body = knowledge.answers.get((intent, language), "")
    known = _known(conversation, decision, knowledge)
    named = fill(body, knowledge.placeholders, found=known.found, context=known.context).values
    others = {
        name: text
        for name, value in {**known.context, **known.found}.items()
        if name in knowledge.placeholders
        and (text := typed(value, knowledge.placeholders[name].kind))
        and text not in named.values()
        and text not in body
    }
    return Offered(body, language, {**others, **named})


def filled(body: str, knowledge: Knowledge, values: Values) -> str:
    """An answer with what is known; what is not stays in braces, for the agent to fill in."""
    known = fill(body, knowledge.placeholders, found=values.found, context=values.context).values
    return put_in(body, known)


def sample_of(body: str) -> str:
    """An answer as a customer reads it of whom nothing is known, with ‹names› for what has to be known."""
    placeholders = read_answers().knowledge.placeholders
    known = fill(body, placeholders, found={}, context={})
    return put_in(body, {name: f"‹{name}›" for name in known.missing if name in placeholders} | known.values)


def _language(conversation: Conversation, decision: Decision) -> str:
    """That the bot would have answered in; what the message tells where nothing was decided of it."""
    told = decision.detail.get("language") or language_told(decision.message.masked, conversation.language)
    return str(told or conversation.language)


def _known(conversation: Conversation, decision: Decision, knowledge: Knowledge) -> Values:
    """What the customer wrote and what the shop says of them."""
    said = conversation.messages.filter(author=Message.Author.CUSTOMER).order_by("seq")
    turns = [Turn(body) for body in said.values_list("body", flat=True)]
    found = find_in(turns, knowledge.placeholders)
    slots = {
        name: str(value) for name, value in decision.detail.get("slots", {}).items() if "[" not in str(value)
    }
    visitor = conversation.visitor
    named = {"customer_name": visitor.name} if visitor.name else {}
    return Values({**slots, **found}, {**named, **visitor.context})


def _open_only(values: Values) -> Values:
    """Those that are no personal data, which the page shows unasked."""
    return Values(_unmasked(values.found), _unmasked(values.context))


def _unmasked(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if not mask(str(value)).spans}


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
