from datetime import datetime, timedelta

from apps.support.models import Conversation, Message

SUGGESTED_WITHIN = timedelta(minutes=10)
AT_ONCE = 50


def conversations_that_wait(*, since: datetime) -> list[int]:
    """Conversations of the bot with a message that was not decided since then.

    Those that wait longest come first, and no more than the sweep should take at once: it comes again.
    """
    waiting = Message.objects.filter(
        awaits_bot=True, created_at__lte=since, conversation__owner=Conversation.Owner.BOT
    )
    rows = waiting.order_by("created_at").values_list("conversation_id", flat=True)[:AT_ONCE]
    return list(dict.fromkeys(rows))


def conversations_without_suggestions(*, since: datetime) -> list[int]:
    """Conversations of people with a message of the last minutes that nothing was suggested for since then.

    The newest come first, and older ones are left to people alone: a suggestion must come before the answer.
    """
    waiting = Message.objects.filter(
        awaits_suggestion=True, created_at__lte=since, created_at__gt=since - SUGGESTED_WITHIN
    )
    rows = waiting.order_by("-created_at").values_list("conversation_id", flat=True)[:AT_ONCE]
    return list(dict.fromkeys(rows))
