"""What people do better than the model becomes what it learns from: corrected intents and edited answers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.privacy.masking import masker
from apps.support import access
from apps.support.engine.languages import language_written
from apps.support.engine.placeholders import put_back
from apps.support.errors import SupportError
from apps.support.models import AnswerSuggestion, Decision, Example, Intent, Message
from apps.support.selectors.understanding import offered_answer
from apps.support.services.conversations import lock_conversation, require_customer, tell_desk
from apps.support.services.examples import Saying, add_example
from apps.support.services.summaries import latest_decided, name_intent
from modelcore.data.normal import normalise


class NotAnAnswerError(SupportError):
    code = "not_an_answer"


def correct_intent(*, decision: Decision, intent: Intent, actor: User, at: datetime) -> Example:
    """Say what the customer meant: the decision keeps it, and the question becomes a labelled example.

    An agent's correction waits for the lead's review; the lead's own counts at once. A second correction of
    the same decision takes the place of the first. Of the last question it says what the conversation is
    about, and so whose skill that needs if somebody else is to go on.

    Raises:
        EmptyExampleError: nothing is left of the message once it is masked.
        InactiveIntentError: the intent is not in use.
        ErasedCustomerError: the customer was erased since the decision was read.
    """
    with transaction.atomic():
        held = lock_conversation(decision.message.conversation_id)
        require_customer(held)
        locked = (
            Decision.objects.select_for_update(of=("self",))
            .select_related("message__conversation")
            .get(pk=decision.pk)
        )
        _reject_earlier(locked, intent, actor, at)
        saying = Saying(question_of(locked), Example.Source.CORRECTION, actor, locked.message)
        example = add_example(intent=intent, saying=saying, at=at)
        locked.corrected_intent, locked.corrected_by, locked.corrected_at = intent, actor, at
        locked.save(update_fields=["corrected_intent", "corrected_by", "corrected_at"])
        if latest_decided(held) == locked:
            name_intent(held, intent.name)
            held.save(update_fields=["intent", "skill"])
            tell_desk(held)
        audit.record(
            actor=actor,
            action="support.intent_corrected",
            subject=str(locked.message.conversation.public_id),
            detail={"seq": locked.message.seq, "decided": locked.intent, "meant": intent.name},
        )
    return example


def learn_from_answer(
    *, decision: Decision, intent: Intent, inserted: str, reply: Message, at: datetime
) -> AnswerSuggestion | None:
    """An agent answered with an intent's answer: the question is one of that intent's, and what the agent
    changed in `inserted`, the answer as it was offered, is kept for the lead to see: with placeholders again
    where values of this customer stand, and masked.

    Returns:
        The suggested answer; None where nothing was changed but case, spacing or punctuation.
    Raises:
        NotAnAnswerError: the reply is not an agent's in the same conversation.
        EmptyExampleError, InactiveIntentError: see `add_example`.
        ErasedCustomerError: the customer was erased since the decision was read.
    """
    question = decision.message
    if reply.user is None or reply.conversation_id != question.conversation_id:
        raise NotAnAnswerError(_("Only an agent's reply to this customer teaches how to answer."))
    with transaction.atomic():
        require_customer(lock_conversation(question.conversation_id))
        saying = Saying(question_of(decision), Example.Source.EDITED_ANSWER, reply.user, question)
        add_example(intent=intent, saying=saying, at=at)
        offered = offered_answer(question.conversation, decision, intent.name)
        body = put_back(reply.body, offered.values)
        if normalise(reply.body) == normalise(inserted) or normalise(body) == normalise(offered.body):
            return None
        suggestion, _is_new = AnswerSuggestion.objects.get_or_create(
            message=reply,
            defaults={
                "intent": intent,
                "language": language_written(reply.body, offered.language),
                "body": _without_names(body),
                "author": reply.user,
                "created_at": at,
            },
        )
    return suggestion


def question_of(decision: Decision) -> str:
    """The masked question that was decided; the whole message where that held several."""
    questions = decision.detail.get("questions", [])
    return str(questions[0]["text"]) if len(questions) == 1 else decision.message.masked


def _without_names(text: str) -> str:
    with masker() as names:
        return names.mask(text)


def _reject_earlier(decision: Decision, intent: Intent, actor: User, at: datetime) -> None:
    """What the lead has approved only a lead takes back; with an agent's other word it is a conflict."""
    earlier = Example.objects.filter(message=decision.message, source=Example.Source.CORRECTION)
    if not access.may(actor, access.MAY_TEACH):
        earlier = earlier.filter(state=Example.State.PENDING)
    earlier.exclude(intent=intent).update(state=Example.State.REJECTED, reviewer=actor, reviewed_at=at)
