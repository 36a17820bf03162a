from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.support.errors import SupportError
from apps.support.models import Conversation, Note
from apps.support.services.conversations import lock_conversation, require_customer, tell_agents
from apps.support.texts import is_storable
from modelcore.privacy import mask

LONGEST_NOTE = 10_000


class NoteError(SupportError):
    code = "bad_note"


@transaction.atomic
def add_note(*, conversation: Conversation, user: User, body: str, at: datetime) -> Note:
    """For the other agents; no customer sees it."""
    if not body.strip() or not is_storable(body) or len(body) > LONGEST_NOTE:
        raise NoteError(
            _("A note has 1 to %(longest)d characters and no NUL among them.") % {"longest": LONGEST_NOTE}
        )
    held = lock_conversation(conversation.pk)
    require_customer(held)
    note = Note.objects.create(conversation=held, user=user, body=body, masked=mask(body).text, created_at=at)
    tell_agents(held, "note", {"note": note.pk})
    return note
