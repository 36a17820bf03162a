from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.support.errors import SupportError
from apps.support.models import Conversation, Note
from apps.support.services.conversations import lock_conversation, require_customer, tell_agents
from apps.support.services.messages import check_client_id
from apps.support.texts import is_storable
from modelcore.privacy import mask

LONGEST_NOTE = 10_000


class NoteError(SupportError):
    code = "bad_note"


@transaction.atomic
def add_note(*, conversation: Conversation, user: User, client_id: str, body: str, at: datetime) -> Note:
    """For the other agents; no customer sees it. The same `client_id` again changes nothing.

    Raises:
        MessageError, NoteError: the id or the text can't be stored.
    """
    check_client_id(client_id)
    if not body.strip() or not is_storable(body) or len(body) > LONGEST_NOTE:
        raise NoteError(
            _("A note has 1 to %(longest)d characters and no NUL among them.") % {"longest": LONGEST_NOTE}
        )
    held = lock_conversation(conversation.pk)
    require_customer(held)
    note, is_new = held.notes.get_or_create(
        user=user,
        client_id=client_id,
        defaults={"body": body, "masked": mask(body).text, "created_at": at},
    )
    if is_new:
        tell_agents(held, "note", {"note": note.pk})
    return note
