"""What people could answer: the bot's judgement of messages that are theirs. Customers never see it."""

import logging
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from apps.serving.errors import ServingError
from apps.support.engine.decision import Action, Reason
from apps.support.models import Message
from apps.support.services.answering import Decided, decide_message, record_decision
from apps.support.services.conversations import lock_conversation, tell_agents
from apps.support.services.summaries import latest_summary, name_intent

logger = logging.getLogger(__name__)


def suggest_waiting(*, conversation_id: int, at: datetime) -> int:
    """Judge the messages of a conversation that people have to answer, the oldest first; how many were told.

    Safe to run twice and at once, as `answer_waiting`. What has no question in it is told nothing of.

    Raises:
        ServingError: the model can't answer now; the message goes on waiting.
    """
    told = 0
    while (message := _next_waiting(conversation_id)) is not None:
        told += _keep(message, decide_message(message, at), at)
    return told


def suggest_left_over(*, conversation_id: int, at: datetime) -> int:
    """The same, where the next attempt comes by itself: a model that can't answer now is no error."""
    try:
        return suggest_waiting(conversation_id=conversation_id, at=at)
    except ServingError as error:
        logger.warning("conversation %s goes on without suggestions: %s", conversation_id, error.sentence)
    return 0


def _next_waiting(conversation_id: int) -> Message | None:
    waiting = Message.objects.filter(conversation=conversation_id, awaits_suggestion=True)
    return waiting.select_related("conversation__visitor").order_by("seq").first()


@transaction.atomic
def _keep(message: Message, decided: Decided, at: datetime) -> bool:
    """The record of it, if nobody was faster and it was not resolved or erased meanwhile."""
    held = lock_conversation(message.conversation_id)
    if not Message.objects.filter(pk=message.pk, awaits_suggestion=True).update(awaits_suggestion=False):
        return False
    if not decided.verdict.questions:
        return False
    verdict = replace(decided.verdict, action=Action.SUGGEST, reply="")
    decision = record_decision(message, replace(decided, verdict=verdict), at)
    opened_again = held.hand_overs.filter(reason=Reason.REOPENED, created_at=message.created_at)
    if verdict.intent and (not held.intent or opened_again.exists()):
        name_intent(held, verdict.intent)
        held.save(update_fields=["intent", "skill"])
        # What its customer comes back with is what people get, not what had been resolved before.
        opened_again.update(intent=held.intent, skill=held.skill, summary=latest_summary(held, decision))
    tell_agents(held, "decision", {"decision": decision.pk})
    return True
