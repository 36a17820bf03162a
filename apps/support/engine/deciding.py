"""What to do with a customer's message: answer it, ask back, or hand it to a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from apps.support.engine.decision import Action, Reason, Understood, Verdict
from apps.support.engine.follow_ups import is_assent, leans_on_last_turn
from apps.support.engine.person import wants_person
from apps.support.engine.questions import Part, split_questions, whole_of
from apps.support.engine.sentences import has_words
from apps.support.engine.situation import Knowledge, Situation, Turn, Wording
from apps.support.engine.slots import answer_to, fill, find_in
from apps.support.engine.small_talk import kinds_of, small_talk_of
from apps.support.engine.templates import placeholders_in, render

SPEAK_TO_PERSON = "speak_to_person"
LONGEST = 1000  # characters; more is a story that a model reads only the beginning of
# Below this similarity nothing that is known is about the same.
FAR = 0.35

Understand = Callable[[Sequence[str]], Sequence[Understood]]


@dataclass(frozen=True)
class Judge:
    """How texts are understood, and from which confidence on they may be answered; None: not at all.

    Without a certificate that is None as well, for as long as it takes to make one.
    """

    understand: Understand
    threshold: float | None
    is_certified: bool = True

    def is_sure(self, question: Understood) -> bool:
        return self.threshold is not None and question.confidence >= self.threshold


def decide(situation: Situation, knowledge: Knowledge, wording: Wording, judge: Judge | None) -> Verdict:
    """What to do with a message.

    Args:
        situation: the message and what was said before.
        knowledge: the answers and what their placeholders stand for.
        wording: replies to small talk.
        judge: None where there is no model.

    Returns:
        Everything that was found out, also where the message goes to a person.
    """
    text = situation.text.strip()
    if not has_words(text) and small_talk_of(text) is None:
        return Verdict(Action.HAND_OVER, Reason.EMPTY)
    if len(text) > LONGEST:
        return Verdict(Action.HAND_OVER, Reason.TOO_LONG)
    pending = _pending_answer(situation, knowledge)
    small_talk = _small_talk(text, wording)
    if small_talk is not None and pending is None:
        return small_talk
    found = find_in(situation.said, knowledge.placeholders.values()) | (pending.slots if pending else {})
    verdict = _decide_questions(situation, judge, pending)
    if verdict.action is Action.ANSWER:
        return _answered(verdict, situation, knowledge, found)
    return replace(verdict, slots=found)


@dataclass(frozen=True)
class _Pending:
    """The customer has given what they were asked for: the question that waited, and the value."""

    question: str
    slots: dict[str, str]


def _pending_answer(situation: Situation, knowledge: Knowledge) -> _Pending | None:
    turn = situation.last_turn
    if turn is None or not turn.asked or not turn.questions or turn.asked not in knowledge.placeholders:
        return None
    value = answer_to(knowledge.placeholders[turn.asked], situation.body)
    if value is None or is_assent(situation.text) or wants_person(situation.text):
        return None
    earlier = _given_before(situation.turns, knowledge)
    return _Pending(" ".join(turn.questions), {**earlier, turn.asked: value})


def _given_before(turns: Sequence[Turn], knowledge: Knowledge) -> dict[str, str]:
    """What was given as bare answers to earlier questions, which no pattern would find."""
    given = {}
    for asking, answering in pairwise(turns):
        placeholder = knowledge.placeholders.get(asking.asked)
        value = answer_to(placeholder, answering.body) if placeholder else None
        if value is not None:
            given[asking.asked] = value
    return given


def _small_talk(text: str, wording: Wording) -> Verdict | None:
    kinds = kinds_of(text)
    if not kinds:
        return None
    replies = {
        Reason.GREETING: wording.greeting,
        Reason.THANKS: wording.thanks,
        Reason.GOODBYE: wording.goodbye,
    }
    return Verdict(Action.SMALL_TALK, kinds[-1], reply=replies[kinds[-1]])


def _decide_questions(situation: Situation, judge: Judge | None, pending: _Pending | None) -> Verdict:
    asks_for_person = pending is None and wants_person(situation.text)
    if judge is None:
        return Verdict(Action.HAND_OVER, Reason.WANTS_PERSON if asks_for_person else Reason.NO_MODEL)
    if pending is not None:
        return _judged(judge.understand([pending.question])[0], judge)
    verdict = _understood(situation, judge)
    if asks_for_person or verdict.intent == SPEAK_TO_PERSON:
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.WANTS_PERSON)
    turn = situation.last_turn
    if turn is not None and turn.asked and verdict.action is Action.HAND_OVER:
        # Asked for a value, the customer said something else that is not understood either.
        return replace(verdict, reason=Reason.ASKED_AGAIN)
    return verdict


def _understood(situation: Situation, judge: Judge) -> Verdict:
    parts = split_questions(situation.text) or (Part(situation.text, True),)
    whole, turn = whole_of(parts), situation.last_turn
    if len(parts) > 1:
        first, *others = judge.understand([whole, *(part.text for part in parts)])
        return _judged_parts(first, list(zip(parts, others, strict=True)), judge)
    if turn is not None and turn.questions and leans_on_last_turn(situation.text):
        alone, together = judge.understand([whole, f"{turn.questions[-1]} {whole}"])
        leans = is_assent(situation.text) or not judge.is_sure(alone)
        return _judged(together if leans else alone, judge)
    return _judged(judge.understand([whole])[0], judge)


def _judged_parts(whole: Understood, parts: list[tuple[Part, Understood]], judge: Judge) -> Verdict:
    """Several questions are answered where each is known; one told in several sentences as one."""
    sure = {found.intent: found for _, found in reversed(parts) if judge.is_sure(found)}
    unsure = [part for part, found in parts if not judge.is_sure(found) and found.intent not in sure]
    questions = tuple(found for _, found in parts)
    if len(sure) > 1 and not unsure:
        known = tuple(dict.fromkeys(found.intent for found in questions if found.intent in sure))
        return Verdict(Action.ANSWER, Reason.CERTIFIED, questions=tuple(sure[intent] for intent in known))
    if sure and any(part.is_separate for part in unsure):
        return Verdict(Action.HAND_OVER, Reason.PART_UNANSWERED, questions=questions)
    return _judged(whole, judge)


def _judged(question: Understood, judge: Judge) -> Verdict:
    if judge.is_sure(question):
        return Verdict(Action.ANSWER, Reason.CERTIFIED, questions=(question,))
    if judge.threshold is None:
        reason = Reason.NO_CERTIFICATE if judge.is_certified else Reason.NOT_CERTIFIED
    elif not question.neighbours or question.neighbours[0].similarity < FAR:
        reason = Reason.UNKNOWN_TOPIC
    elif all(near.label != question.intent for near in question.neighbours):
        reason = Reason.NO_AGREEMENT
    else:
        reason = Reason.NOT_CONFIDENT
    return Verdict(Action.HAND_OVER, reason, questions=(question,))


def _answered(verdict: Verdict, situation: Situation, knowledge: Knowledge, found: dict[str, str]) -> Verdict:
    """The verdict with its reply, or why there is none after all."""
    bodies = [
        knowledge.answer_in(question.intent, situation.reply_language) for question in verdict.questions
    ]
    if not all(bodies):
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.NO_TEMPLATE, slots=found)
    body = "\n\n".join(body for body in bodies if body)
    filled = fill(body, knowledge.placeholders, found=found, context=situation.context)
    used = {name: value for name, value in found.items() if name in placeholders_in(body)}
    if filled.missing:
        return replace(_without(filled.missing, verdict, situation, knowledge), slots=used)
    reply = render(body, filled.values)
    if reply in situation.replies:
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.ASKED_AGAIN, slots=used)
    return replace(verdict, reply=reply, slots=used)


def _without(
    missing: tuple[str, ...], verdict: Verdict, situation: Situation, knowledge: Knowledge
) -> Verdict:
    """Asks for the first value, if the customer can be asked for all of them."""
    questions = [
        knowledge.placeholders[name].question if name in knowledge.placeholders else "" for name in missing
    ]
    can_ask = all(
        question and knowledge.placeholders[name].when_missing == "ask"
        for name, question in zip(missing, questions, strict=True)
    )
    if not can_ask:
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.VALUE_MISSING, missing=missing)
    if questions[0] in situation.replies and (turn := situation.last_turn) and turn.asked == missing[0]:
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.ASKED_AGAIN, missing=missing)
    return replace(
        verdict, action=Action.ASK, reason=Reason.SLOT_MISSING, reply=questions[0], missing=missing
    )
