"""What to do with a customer's message: answer it, ask back, or hand it to a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from apps.support.engine.decision import Action, Reason, Understood, Verdict
from apps.support.engine.follow_ups import (
    is_assent,
    is_fragment,
    is_negated,
    is_not_solved,
    is_pause,
    leans_on_last_turn,
)
from apps.support.engine.languages import language_told
from apps.support.engine.person import refuses_person, wants_person
from apps.support.engine.phrases import phrases
from apps.support.engine.placeholders import Kind
from apps.support.engine.questions import SHORTEST, Part, is_question, split_questions, whole_of
from apps.support.engine.sentences import has_words, plain, words
from apps.support.engine.situation import Knowledge, Situation, Turn, Wording
from apps.support.engine.slots import answer_to, fill, find_in, has_several, named_anew
from apps.support.engine.small_talk import kinds_of, small_talk_of
from apps.support.engine.templates import broken_in, names_in, render
from modelcore.privacy import labels_in

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
        return self.is_confident(question) and not _may_be_opposite(question)

    def is_confident(self, question: Understood) -> bool:
        return self.threshold is not None and question.confidence >= self.threshold


def _may_be_opposite(question: Understood) -> bool:
    """An encoder reads "do not cancel it" nearly as "cancel it"; the nearest question may say it as well."""
    if not is_negated(question.text):
        return False
    near = next((near.text for near in question.neighbours if near.label == question.intent), "")
    return not is_negated(near)


def decide(
    situation: Situation, knowledge: Knowledge, wording: Callable[[str], Wording], judge: Judge | None
) -> Verdict:
    """What to do with a message.

    Args:
        situation: the message and what was said before.
        knowledge: the answers and what their placeholders stand for.
        wording: replies to small talk, by language.
        judge: None where there is no model.

    Returns:
        Everything that was found out, also where the message goes to a person.
    """
    text = situation.text.strip()
    if not has_words(text) and small_talk_of(text) is None:
        return Verdict(Action.HAND_OVER, Reason.EMPTY)
    if len(text) > LONGEST:
        return Verdict(Action.HAND_OVER, Reason.TOO_LONG)
    pending = _pending_question(situation, knowledge, judge)
    language = _reply_language(situation, knowledge, pending)
    small_talk = _small_talk(situation, wording(language))
    if small_talk is not None and not pending:
        return replace(small_talk, language=language)
    said = Turn(situation.body, (pending,) if pending else ())
    found = find_in((*situation.turns, said), knowledge.placeholders)
    verdict = replace(_decide_questions(situation, judge, pending), language=language)
    if verdict.action is Action.ANSWER:
        return _answered(verdict, situation, knowledge, found)
    return replace(verdict, slots=found)


def _pending_question(situation: Situation, knowledge: Knowledge, judge: Judge | None) -> str:
    """The question that waited for a value which the customer has given now; empty for anything else."""
    turn, text = situation.last_question, situation.text
    placeholder = knowledge.placeholders.get(situation.asked)
    if turn is not None and placeholder is None:
        told = find_in(situation.turns, knowledge.placeholders)
        anew = named_anew(told, situation.body, knowledge.placeholders)
        placeholder = next((knowledge.placeholders[name] for name in anew), None)
    if turn is None or placeholder is None:
        return ""
    if answer_to(placeholder, situation.body) is None or is_assent(text) or wants_person(text):
        return ""
    is_name = placeholder.kind is Kind.TEXT and len(words(text)) >= SHORTEST
    return "" if is_name and judge and _changes_subject(text, turn.waiting, judge) else turn.waiting


def _changes_subject(text: str, waiting: str, judge: Judge) -> bool:
    """Any words may be a name; those that are a question of their own are not."""
    said, before = judge.understand([text, waiting])
    return judge.is_sure(said) and said.intent != before.intent


def _reply_language(situation: Situation, knowledge: Knowledge, pending: str) -> str:
    """Chinese to Chinese, whatever the page said; as before where the message tells no language."""
    before = [turn.language for turn in situation.turns if turn.language]
    # A name is the product's, in whatever language.
    asked = knowledge.placeholders.get(situation.asked)
    is_name = pending and asked is not None and asked.kind is Kind.TEXT
    told = "" if is_name else language_told(situation.body, situation.language)
    return told or (before[-1] if before else situation.language)


def _small_talk(situation: Situation, wording: Wording) -> Verdict | None:
    text, turn = situation.text.strip(), situation.last_turn
    kinds = kinds_of(text)
    # A thumb agrees as an "ok" does.
    if situation.asked and (is_pause(text) or not has_words(text)):
        kinds = [Reason.MOMENT]
    elif turn is not None and not turn.questions and phrases("nothing_more").fullmatch(plain(text)):
        kinds = [Reason.GOODBYE]
    if not kinds:
        return None
    replies = {
        Reason.GREETING: wording.greeting,
        Reason.THANKS: wording.thanks,
        Reason.GOODBYE: wording.goodbye,
        Reason.IDENTITY: wording.identity,
        Reason.MOMENT: wording.moment,
    }
    return Verdict(Action.SMALL_TALK, kinds[-1], reply=replies[kinds[-1]])


def _decide_questions(situation: Situation, judge: Judge | None, pending: str) -> Verdict:
    asks_for_person = not pending and wants_person(situation.text)
    if judge is None:
        return Verdict(Action.HAND_OVER, Reason.WANTS_PERSON if asks_for_person else Reason.NO_MODEL)
    if pending:
        return _judged(judge.understand([pending])[0], judge)
    verdict = _understood(situation, judge)
    is_wish = verdict.action is Action.ANSWER and verdict.intent == SPEAK_TO_PERSON
    if is_wish and refuses_person(situation.text):
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.NEGATED)
    if asks_for_person or is_wish:
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.WANTS_PERSON)
    turn = situation.last_turn
    if turn is not None and is_not_solved(situation.text):
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.NOT_SOLVED)
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
    says_little = turn is not None and _says_little(situation.text, turn)
    if turn is not None and turn.questions and (says_little or leans_on_last_turn(situation.text)):
        alone, together = judge.understand([whole, f"{turn.questions[-1]} {whole}"])
        return _judged(together if says_little or not judge.is_sure(alone) else alone, judge)
    return _judged(judge.understand([whole])[0], judge)


def _says_little(text: str, turn: Turn) -> bool:
    """Whether a message alone would be taken for something else: it answers or goes on with the last one."""
    is_told = bool(turn.asked and labels_in(text)) and not is_question(text)
    return is_told or is_assent(text) or is_fragment(text)


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
    elif judge.is_confident(question):
        reason = Reason.NEGATED
    elif not question.neighbours or question.neighbours[0].similarity < FAR:
        reason = Reason.UNKNOWN_TOPIC
    elif all(near.label != question.intent for near in question.neighbours):
        reason = Reason.NO_AGREEMENT
    else:
        reason = Reason.NOT_CONFIDENT
    return Verdict(Action.HAND_OVER, reason, questions=(question,))


def _answered(verdict: Verdict, situation: Situation, knowledge: Knowledge, found: dict[str, str]) -> Verdict:
    """The verdict with its reply, or why there is none after all."""
    bodies = [knowledge.answer_in(question.intent, verdict.language) for question in verdict.questions]
    if not all(bodies):
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.NO_TEMPLATE, slots=found)
    body = "\n\n".join(body for body in bodies if body)
    if labels_in(body):
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.MASKED_ANSWER, slots=found)
    if broken_in(body):
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.VALUE_MISSING, slots=found)
    if any(
        name in knowledge.placeholders and has_several(knowledge.placeholders[name], situation.body)
        for name in names_in(body)
    ):
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.PART_UNANSWERED, slots=found)
    filled = fill(body, knowledge.placeholders, found=found, context=situation.context)
    used = {name: value for name, value in found.items() if name in names_in(body)}
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
    known = knowledge.placeholders
    questions = [known[name].question_in(verdict.language) if name in known else "" for name in missing]
    can_ask = not phrases("no_number").search(plain(situation.text)) and all(
        question and known[name].when_missing == "ask"
        for name, question in zip(missing, questions, strict=True)
    )
    if not can_ask:
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.VALUE_MISSING, missing=missing)
    if questions[0] in situation.replies and (turn := situation.last_turn) and turn.asked == missing[0]:
        return replace(verdict, action=Action.HAND_OVER, reason=Reason.ASKED_AGAIN, missing=missing)
    return replace(
        verdict, action=Action.ASK, reason=Reason.SLOT_MISSING, reply=questions[0], missing=missing
    )
