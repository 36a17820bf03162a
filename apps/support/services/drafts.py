from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.support.errors import SupportError
from apps.support.models import Conversation, Draft
from apps.support.services.conversations import lock_conversation, require_customer
from apps.support.texts import is_storable

LONGEST_DRAFT = 10_000


class DraftError(SupportError):
    code = "bad_draft"


@transaction.atomic
def save_draft(*, conversation: Conversation, user: User, body: str, at: datetime) -> Draft | None:
    """Each agent has one a conversation; an empty one goes, and what was saved later than `at` stays."""
    if not is_storable(body) or len(body) > LONGEST_DRAFT:
        raise DraftError(
            _("A draft has at most %(longest)d characters and no NUL among them.")
            % {"longest": LONGEST_DRAFT}
        )
    held = lock_conversation(conversation.pk)
    require_customer(held)
    if not body:
        Draft.objects.filter(conversation=held, user=user, updated_at__lte=at).delete()
        return None
    draft, is_new = Draft.objects.select_for_update().get_or_create(
        conversation=held, user=user, defaults={"body": body, "updated_at": at}
    )
    if not is_new and draft.updated_at <= at:
        draft.body, draft.updated_at = body, at
        draft.save(update_fields=["body", "updated_at"])
    return draft
