"""Seeing personal data as it was written: by role, and never without a trace."""

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.support import access
from apps.support.models import Message, Note, Visitor


@transaction.atomic
def reveal_message(*, message: Message, actor: User) -> str:
    """The text as the customer wrote it.

    Raises:
        NotAllowedError: the actor may not see personal data.
    """
    _record("message", str(message.conversation.public_id), actor, {"seq": message.seq})
    return message.body


@transaction.atomic
def reveal_note(*, note: Note, actor: User) -> str:
    """The text as the agent wrote it.

    Raises:
        NotAllowedError: the actor may not see personal data.
    """
    _record("note", str(note.conversation.public_id), actor, {"note": note.pk})
    return note.body


@transaction.atomic
def reveal_visitor(*, visitor: Visitor, actor: User) -> Visitor:
    """Who the customer is to the shop, and where they can be written to.

    Raises:
        NotAllowedError: the actor may not see personal data.
    """
    _record("visitor", str(visitor.public_id), actor, {})
    return visitor


def _record(what: str, subject: str, actor: User, detail: dict[str, int]) -> None:
    access.require(actor, access.MAY_UNMASK)
    audit.record(actor=actor, action=f"support.{what}_revealed", subject=subject, detail=detail)
