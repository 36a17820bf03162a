"""The bot's turn: each waiting message of a conversation, in order, is answered once or goes to people."""

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.serving.errors import Fault, ServingError
from apps.support.engine.deciding import SPEAK_TO_PERSON, decide
from apps.support.engine.decision import Action, Reason, Verdict
from apps.support.engine.situation import Situation, Turn, Wording
from apps.support.models import Conversation, Decision, Message
from apps.support.services.conversations import tell_agents
from apps.support.services.customer_context import refresh_context
from apps.support.services.messages import reply_as_bot
from apps.support.services.ownership import hand_to_queue
from apps.support.services.summaries import latest_decided, masked, summarise
from apps.support.services.understanding import Judging, understanding

logger = logging.getLogger(__name__)

# Turns that the engine looks back on.
REMEMBERED = 20
# A model that is not back by then leaves the message to people.
PATIENCE = timedelta(seconds=20)


@dataclass(frozen=True)
class Decided:
    """A verdict, what it stands on and how long it took."""

    verdict: Verdict
    judging: Judging
    context: dict[str, Any]
    milliseconds: float

    @property
    def only_wishes_for_person(self) -> bool:
        """The message asks for nothing else that is known."""
        judge, questions = self.judging.judge, self.verdict.questions
        is_known = judge is not None and any(judge.is_sure(one) for one in questions)
        is_wish = self.verdict.intent == SPEAK_TO_PERSON or not is_known
        return self.verdict.reason is Reason.WANTS_PERSON and is_wish


def answer_waiting(*, conversation_id: int, at: datetime) -> int:
    """Decide what waits, the oldest first; how many that were. What comes meanwhile has its own call.

    Safe to run twice and at once: what was decided meanwhile by another, or belongs to a person by now, is
    left as it is.

    Raises:
        ServingError: the model can't answer now; the message goes on waiting.
    """
    waiting = Message.objects.filter(
        conversation=conversation_id, awaits_bot=True, conversation__owner=Conversation.Owner.BOT
    )
    done = 0
    for message in waiting.select_related("conversation__visitor").order_by("seq"):
        decided = decide_message(message, at)
        done += _carry_out(message, decided, at)
        if decided.verdict.action is Action.HAND_OVER:
            break  # the rest is for people too
    return done


def decide_message(message: Message, at: datetime) -> Decided:
    """What the bot would do with a message, whoever has to answer it.

    Raises:
        ServingError: the model can't answer now.
    """
    conversation = message.conversation
    context = refresh_context(visitor=conversation.visitor, at=at)
    situation = _situation(message, context)
    started = time.perf_counter()
    try:
        with understanding().judging() as judging:
            verdict = decide(situation, judging.answers.knowledge, wording, judging.judge)
    except ServingError as error:
        if error.fault is Fault.OVERLOADED or at - message.created_at < PATIENCE:
            raise
        logger.error("message %s goes to people: %s", message.pk, error.sentence)
        judging, verdict = Judging(), Verdict(Action.HAND_OVER, Reason.NO_MODEL)
    if conversation.is_hold_out:
        verdict = replace(verdict, action=Action.HAND_OVER, reason=Reason.HOLD_OUT, reply="")
    milliseconds = (time.perf_counter() - started) * 1000
    return Decided(verdict, judging, context, milliseconds)


def _situation(message: Message, context: dict[str, Any]) -> Situation:
    authors = (Message.Author.CUSTOMER, Message.Author.BOT)
    earlier = message.conversation.messages.filter(seq__lt=message.seq, author__in=authors)
    latest = list(earlier.select_related("decision").order_by("-seq")[: 2 * REMEMBERED])
    said = [one for one in latest if one.author == Message.Author.CUSTOMER][:REMEMBERED]
    replies = [one.body for one in latest if one.author == Message.Author.BOT][:REMEMBERED]
    return Situation(
        text=message.masked,
        body=message.body,
        turns=tuple(_turn(one) for one in reversed(said)),
        replies=frozenset(replies),
        context=context,
        language=message.conversation.language,
    )


def _turn(message: Message) -> Turn:
    decision: Decision | None = getattr(message, "decision", None)
    if decision is None:
        return Turn(message.body)
    questions = tuple(question["text"] for question in decision.detail.get("questions", ()))
    # An erased customer's decisions say nothing any more.
    missing = decision.detail.get("missing", ()) if decision.action == Action.ASK else ()
    language = decision.detail.get("language", "")
    return Turn(message.body, questions, missing[0] if missing else "", language)


def wording(language: str) -> Wording:
    with translation.override(language):
        return Wording(
            greeting=_("Hello! How can I help you?"),
            thanks=_("You are welcome. Is there anything else I can help you with?"),
            goodbye=_("Goodbye, and thank you for writing to us."),
            identity=_(
                "I am an automatic assistant and answer common questions. "
                "If you would rather have a person, say so at any time."
            ),
            moment=_("Of course, take your time."),
        )


@transaction.atomic
def _carry_out(message: Message, decided: Decided, at: datetime) -> bool:
    """The reply or the hand-over, and the record of it; False if it was no longer the bot's to do."""
    verdict = decided.verdict
    if verdict.action is Action.HAND_OVER:
        intent, questions = _asked(message, decided)
        is_done = (
            hand_to_queue(
                conversation=message.conversation,
                message=message,
                reason=verdict.reason,
                intent=intent,
                summary=summarise(questions, verdict.slots, decided.context),
                at=at,
            )
            is not None
        )
        if is_done:
            # What it may be is told with this decision.
            Message.objects.filter(pk=message.pk).update(awaits_suggestion=False)
    else:
        is_done = reply_as_bot(message=message, reply=verdict.reply, at=at) is not None
    if is_done:
        decision = record_decision(message, decided, at)
        tell_agents(message.conversation, "decision", {"decision": decision.pk})
    return is_done


def _asked(message: Message, decided: Decided) -> tuple[str, list[dict[str, Any]]]:
    """The intent and questions for people: those before, where the message only wishes for a person; where
    nothing came before, what an unsure model makes of the wish is no intent to be sent on by."""
    verdict = decided.verdict
    own: list[dict[str, Any]] = verdict.to_json()["questions"]
    if not decided.only_wishes_for_person:
        return verdict.intent, own
    before = latest_decided(message.conversation)
    if before is None:
        return verdict.intent if verdict.intent == SPEAK_TO_PERSON else "", own
    return before.intent, [*before.detail["questions"], *own]


def record_decision(message: Message, decided: Decided, at: datetime) -> Decision:
    verdict, judging = decided.verdict, decided.judging
    certified = judging.certified
    return Decision.objects.create(
        message=message,
        action=verdict.action,
        reason=verdict.reason,
        version_id=judging.version_id,
        certificate_id=certified.certificate_id if certified else None,
        template_id=judging.answers.template_of(verdict),
        intent=verdict.intent,
        confidence=verdict.confidence,
        threshold=certified.threshold if certified else None,
        detail={**verdict.to_json(), "reply": "", "slots": masked(verdict.slots)},
        milliseconds=decided.milliseconds,
        created_at=at,
    )


def answer_left_over(*, conversation_id: int, at: datetime) -> int:
    """The same, where the next attempt comes by itself: a model that can't answer now is no error.

    What nobody foresaw keeps no other customer waiting, and its own no longer than PATIENCE.
    """
    try:
        return answer_waiting(conversation_id=conversation_id, at=at)
    except ServingError as error:
        logger.warning("conversation %s goes on waiting for the bot: %s", conversation_id, error.sentence)
    except Exception:
        logger.exception("conversation %s can't be answered", conversation_id)
        _give_up(conversation_id, at)
    return 0


def _give_up(conversation_id: int, at: datetime) -> None:
    late = Message.objects.filter(
        conversation=conversation_id, awaits_bot=True, created_at__lte=at - PATIENCE
    )
    message = late.select_related("conversation").order_by("seq").first()
    if message is not None:
        hand_to_queue(
            conversation=message.conversation,
            message=message,
            reason=Reason.FAILED,
            intent="",
            summary={},
            at=at,
        )
