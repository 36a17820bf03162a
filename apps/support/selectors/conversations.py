from datetime import datetime, timedelta

from django.db.models import BooleanField, ExpressionWrapper, Q

from apps.support.models import Conversation, Visitor

# For so long a resolved conversation goes on when its customer writes again; later a new one begins.
REOPENS_WITHIN = timedelta(days=7)


def current_conversation(visitor: Visitor, *, at: datetime) -> Conversation | None:
    """What the visitor's next message belongs to."""
    shown = shown_conversation(visitor)
    return shown if shown is not None and is_current(shown, at) else None


def shown_conversation(visitor: Visitor) -> Conversation | None:
    """The one that their chat shows: of what is not over, or else of all, what began last."""
    is_over = ExpressionWrapper(Q(status=Conversation.Status.RESOLVED), BooleanField())
    return visitor.conversations.alias(is_over=is_over).order_by("is_over", "-created_at", "-pk").first()


def shown_instead(conversation: Conversation) -> Conversation | None:
    """The one that goes on in their chat, where that is another: what is written here nobody reads."""
    shown = shown_conversation(conversation.visitor)
    if shown is None or shown == conversation or shown.status == Conversation.Status.RESOLVED:
        return None
    return shown


def is_current(conversation: Conversation, at: datetime) -> bool:
    return conversation.resolved_at is None or at - conversation.resolved_at <= REOPENS_WITHIN
