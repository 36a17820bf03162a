"""What an agent may insert by a shortcut."""

from django.db.models import Q

from apps.accounts.models import User
from apps.support.models import CannedReply


def canned_replies(user: User) -> list[CannedReply]:
    """Everybody's and their own; their own stands for everybody's of the same shortcut."""
    found = CannedReply.objects.filter(Q(owner=None) | Q(owner=user)).order_by("shortcut")
    own = {reply.shortcut.lower() for reply in found if reply.owner_id is not None}
    return [reply for reply in found if reply.owner_id is not None or reply.shortcut.lower() not in own]
