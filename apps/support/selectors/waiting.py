from datetime import datetime

from apps.support.models import Conversation, Message


def conversations_that_wait(*, since: datetime) -> list[int]:
    """Conversations of the bot with a message that was not decided since then, the longest waiting first."""
    waiting = Message.objects.filter(
        awaits_bot=True, created_at__lte=since, conversation__owner=Conversation.Owner.BOT
    )
    rows = waiting.order_by("created_at").values_list("conversation_id", flat=True)
    return list(dict.fromkeys(rows))
