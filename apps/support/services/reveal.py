"""Seeing personal data as it was written: by role, and never without a trace."""

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services.audit import record
from apps.support.models import Message, Visitor


@transaction.atomic
def reveal_message(*, message: Message, actor: User) -> str:
    """The text as the customer wrote it."""
    record(
        actor=actor,
        key=None,
        action="support.message_revealed",
        subject=str(message.conversation.public_id),
        detail={"seq": message.seq},
    )
    return message.body


@transaction.atomic
def reveal_visitor(*, visitor: Visitor, actor: User) -> Visitor:
    """Who the customer is to the shop, and where they can be written to."""
    record(
        actor=actor,
        key=None,
        action="support.visitor_revealed",
        subject=str(visitor.public_id),
        detail={},
    )
    return visitor
