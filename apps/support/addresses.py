"""What the addresses of pages and of the API name; where there is no such thing, they are not found."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from apps.support.models import Conversation
from apps.support.selectors.thread import conversations_for_console


def conversation_or_404(public_id: UUID) -> Conversation:
    return get_object_or_404(conversations_for_console(), public_id=public_id)
