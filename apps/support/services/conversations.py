"""How a conversation begins, and how it is held while something about it changes.

Every service locks first the conversation's row, then appends to its streams in the order of this file: the
customer's, the agents', the desk's. So two of them never wait for each other in a circle.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.streams.models import Event
from apps.streams.services.events import append_event
from apps.support.errors import SupportError
from apps.support.models import Conversation, Message, Visitor
from apps.support.models.conversations import DESK
from apps.support.selectors.conversations import current_conversation, shown_instead
from apps.support.selectors.policy import current_policy
from apps.support.services.visitors import hold_visitor


class ErasedCustomerError(SupportError):
    code = "customer_erased"

    def __init__(self) -> None:
        super().__init__(_("This customer was erased; nothing can be written to them or kept of them."))


class ShownElsewhereError(SupportError):
    code = "shown_elsewhere"

    def __init__(self, shown: Conversation) -> None:
        super().__init__(
            _("The customer has another conversation by now and sees that one alone. Answer there.")
        )
        self.shown = shown


@transaction.atomic
def start_conversation(
    *, visitor: Visitor, at: datetime, channel: str = Conversation.Channel.WIDGET
) -> Conversation:
    """The visitor's current conversation, or a new one that the bot owns.

    Raises:
        VisitorTokenError: since they were let in, they were erased or their tokens revoked.
    """
    # Held, so that two first messages at once begin one conversation.
    held = hold_visitor(visitor)
    current = current_conversation(held, at=at)
    if current is not None:
        return current
    conversation = Conversation(visitor=held, channel=channel, language=held.language, created_at=at)
    conversation.hold_out_share = current_policy().hold_out_share
    conversation.is_hold_out = is_held_out(conversation.public_id, conversation.hold_out_share)
    conversation.save()
    return conversation


def is_held_out(public_id: UUID, share: float) -> bool:
    """Drawn from the id alone, so that the draw can be checked afterwards and nobody can draw again."""
    drawn = hashlib.sha256(b"hold-out" + public_id.bytes).digest()[:8]
    return int.from_bytes(drawn) < share * 2**64


def lock_conversation(conversation_id: int) -> Conversation:
    return Conversation.objects.select_for_update().get(pk=conversation_id)


def hold_messages(messages: QuerySet[Message]) -> set[int]:
    """Those that still say something; locked after their conversations and before what is made of them.

    An erasure holds its customer's, so that whoever keeps a copy of what messages say comes before it, and
    their copy is erased, too, or after it, and finds that they say nothing any more.
    """
    # Others may go on to write rows that point at them.
    held = Message.objects.select_for_update(no_key=True).filter(pk__in=messages.values("pk"))
    return set(held.exclude(masked="").order_by("pk").values_list("pk", flat=True))


def require_customer(held: Conversation) -> None:
    """Raises ErasedCustomerError where nobody is left to talk to."""
    if held.visitor.erased_at is not None:
        raise ErasedCustomerError


def require_shown(held: Conversation) -> None:
    """Raises ShownElsewhereError where the customer would not see what is written here."""
    shown = shown_instead(held)
    if shown is not None:
        raise ShownElsewhereError(shown)


def tell_both(conversation: Conversation, kind: str, payload: dict[str, Any]) -> Event:
    """To the customer and the agents. Payloads name rows; what they say is rendered for each reader."""
    return append_event(stream=conversation.stream, kind=kind, payload=payload)


def tell_agents(conversation: Conversation, kind: str, payload: dict[str, Any]) -> Event:
    return append_event(stream=conversation.console, kind=kind, payload=payload)


def tell_desk(conversation: Conversation, kind: str = "conversation") -> Event:
    """The lists of all agents; last in its transaction, for all conversations share this stream's row."""
    payload = {"conversation": str(conversation.public_id), "agent": conversation.agent_id}
    return append_event(stream=DESK, kind=kind, payload=payload)
