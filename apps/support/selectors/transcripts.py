from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.support.models import Conversation, Message
from apps.support.selectors.agents import display_name


def transcript(conversation: Conversation) -> str:
    """What was said, as the customer keeps it."""
    messages = conversation.messages.select_related("user").order_by("seq")
    return "".join(
        f"{localtime(one.created_at):%Y-%m-%d %H:%M %Z} {_speaker(one)}: {one.body}\n" for one in messages
    )


def _speaker(message: Message) -> str:
    if message.author == Message.Author.CUSTOMER:
        return _("You")
    return display_name(message.user) if message.user is not None else _("Assistant")
