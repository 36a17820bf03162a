from datetime import datetime, timedelta

from apps.support.models import Conversation, Visitor

# For so long a resolved conversation goes on when its customer writes again; later a new one begins.
REOPENS_WITHIN = timedelta(days=7)


def current_conversation(visitor: Visitor, *, at: datetime) -> Conversation | None:
    """What the visitor's next message belongs to."""
    latest = visitor.conversations.order_by("-created_at", "-pk").first()
    return latest if latest is not None and is_current(latest, at) else None


def is_current(conversation: Conversation, at: datetime) -> bool:
    return conversation.resolved_at is None or at - conversation.resolved_at <= REOPENS_WITHIN
