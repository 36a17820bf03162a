from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.support.engine.small_talk import is_farewell
from apps.support.errors import SupportError
from apps.support.models import Conversation, Draft, Message
from apps.support.services.conversations import (
    lock_conversation,
    require_customer,
    require_shown,
    tell_both,
    tell_desk,
)
from apps.support.services.ownership import ResolvedError, expect_response, require_owner
from apps.support.services.status import wake_for_customer
from apps.support.texts import is_storable
from modelcore.privacy import mask

LONGEST_BODY = 10_000
LONGEST_CLIENT_ID = 100
# What a message changes about its conversation.
TALKED = ("last_message_at", "last_customer_at", "first_response_at", "response_due_at", "breached_at")


class MessageError(SupportError):
    """A text or an id that cannot be stored; str() says what to change."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Said:
    """A text that may be stored, and the same without personal data."""

    author: str
    client_id: str
    body: str
    masked: str
    user: User | None = None


def send_customer_message(*, conversation: Conversation, client_id: str, body: str, at: datetime) -> Message:
    """A conversation that slept or was resolved is open again, unless the customer only says thanks for that;
    the same `client_id` again changes nothing.

    Raises:
        MessageError: the text or the id can't be stored.
        ErasedCustomerError: the customer was erased since they were let in.
    """
    said = _checked(Message.Author.CUSTOMER, client_id, body)
    return _add_customer_message(conversation.pk, said, at)


@transaction.atomic
def _add_customer_message(conversation_id: int, said: Said, at: datetime) -> Message:
    conversation = lock_conversation(conversation_id)
    require_customer(conversation)
    earlier = _earlier(conversation, said)
    if earlier is not None:
        return earlier
    is_over = conversation.status == Conversation.Status.RESOLVED and is_farewell(said.masked)
    if not is_over:
        wake_for_customer(conversation, at)
    is_with_bot = conversation.owner == Conversation.Owner.BOT
    is_for_people = not is_with_bot and not is_over
    if is_for_people:
        expect_response(conversation, at)
    conversation.last_customer_at = at
    message = _append(conversation, said, at, awaits_bot=is_with_bot, awaits_suggestion=is_for_people)
    if not is_with_bot:
        tell_desk(conversation)
    return message


def send_agent_message(
    *, conversation: Conversation, user: User, client_id: str, body: str, at: datetime
) -> Message:
    """Their draft has done its work and goes.

    Raises:
        MessageError: the text or the id can't be stored.
        NotOwnerError, ResolvedError: the conversation is not theirs, or nothing is to be said in it.
        ShownElsewhereError: the customer sees another one.
    """
    said = _checked(Message.Author.AGENT, client_id, body, user=user)
    return _add_agent_message(conversation.pk, said, at)


@transaction.atomic
def _add_agent_message(conversation_id: int, said: Said, at: datetime) -> Message:
    conversation = lock_conversation(conversation_id)
    earlier = _earlier(conversation, said)
    if earlier is not None:
        return earlier
    require_owner(conversation, said.user)
    require_shown(conversation)
    if conversation.status == Conversation.Status.RESOLVED:
        raise ResolvedError
    conversation.first_response_at = conversation.first_response_at or at
    conversation.response_due_at = conversation.breached_at = None
    message = _append(conversation, said, at)
    Draft.objects.filter(conversation=conversation, user=said.user).delete()
    tell_desk(conversation)
    return message


def reply_as_bot(*, message: Message, reply: str, at: datetime) -> Message | None:
    """Answer a customer's message, or None if that is no longer the bot's to do."""
    said = _checked(Message.Author.BOT, f"bot:{message.seq}", reply)
    return _add_reply(message, said, at)


@transaction.atomic(savepoint=False)
def _add_reply(message: Message, said: Said, at: datetime) -> Message | None:
    conversation = lock_conversation(message.conversation_id)
    if conversation.owner != Conversation.Owner.BOT:
        return None
    # Under the lock: an agent may have taken it, or another worker answered, since the bot began.
    if not Message.objects.filter(pk=message.pk, awaits_bot=True).update(awaits_bot=False):
        return None
    conversation.first_response_at = conversation.first_response_at or at
    return _append(conversation, said, at, answers_seq=message.seq)


def check_message(client_id: str, body: str) -> None:
    """Raises MessageError for a text or an id that can't be stored; asked before a conversation begins."""
    check_client_id(client_id)
    if not is_storable(body):
        raise MessageError("bad_body", _("The text holds a character that cannot be stored, such as NUL."))
    if not body.strip():
        raise MessageError("empty_body", _("The text is empty. Write something."))
    if len(body) > LONGEST_BODY:
        raise MessageError(
            "long_body",
            _("The text has %(length)d characters; at most %(longest)d can be sent at once.")
            % {"length": len(body), "longest": LONGEST_BODY},
        )


def check_client_id(client_id: str) -> None:
    if not 0 < len(client_id) <= LONGEST_CLIENT_ID or not is_storable(client_id):
        raise MessageError(
            "bad_client_id",
            _("client_id must have 1 to %(longest)d characters.") % {"longest": LONGEST_CLIENT_ID},
        )


def _checked(author: str, client_id: str, body: str, *, user: User | None = None) -> Said:
    check_message(client_id, body)
    return Said(author=author, client_id=client_id, body=body, masked=mask(body).text, user=user)


def _earlier(conversation: Conversation, said: Said) -> Message | None:
    return conversation.messages.filter(author=said.author, client_id=said.client_id).first()


def _append(
    conversation: Conversation,
    said: Said,
    at: datetime,
    *,
    awaits_bot: bool = False,
    awaits_suggestion: bool = False,
    answers_seq: int | None = None,
) -> Message:
    """The message, its number and the news of it, in the caller's transaction."""
    conversation.last_message_at = at
    conversation.save(update_fields=TALKED)
    event = tell_both(conversation, "message", {"author": said.author})
    return Message.objects.create(
        conversation=conversation,
        seq=event.seq,
        author=said.author,
        user=said.user,
        client_id=said.client_id,
        body=said.body,
        masked=said.masked,
        awaits_bot=awaits_bot,
        awaits_suggestion=awaits_suggestion,
        answers_seq=answers_seq,
        created_at=at,
    )
