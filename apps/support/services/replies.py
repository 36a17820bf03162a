"""An agent's reply from the console: sent, and learned from where it began as one of the offered answers."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.whole_numbers import whole_number
from apps.support.engine.templates import names_in
from apps.support.errors import SupportError
from apps.support.models import Conversation, Decision, Intent, Message
from apps.support.services.conversations import ErasedCustomerError
from apps.support.services.corrections import learn_from_answer
from apps.support.services.examples import EmptyExampleError, InactiveIntentError
from apps.support.services.messages import send_agent_message


@dataclass(frozen=True)
class Inserted:
    """The offered answer that a reply began as: its decision, intent and text."""

    decision: int
    intent: str
    text: str

    @classmethod
    def of(cls, decision: str, intent: str, text: str) -> "Inserted | None":
        pk = whole_number(decision)
        return cls(pk, intent, text) if pk is not None and intent and text else None


class UnfilledError(SupportError):
    code = "unfilled"

    def __init__(self, names: tuple[str, ...]) -> None:
        missing = ", ".join(f"{{{{{name}}}}}" for name in names)
        super().__init__(_("Fill in %(missing)s before you send this.") % {"missing": missing})


def send_reply(
    *,
    conversation: Conversation,
    user: User,
    client_id: str,
    body: str,
    inserted: Inserted | None,
    at: datetime,
) -> Message:
    """That nothing can be learned from a reply holds none up.

    It is sent first, for masking what is learned takes longer than all conversations may wait for one. Where
    a process dies between the two, the reply is learned from once it is sent again with its `client_id`.

    Raises:
        UnfilledError: a placeholder of an answer is still in it.
        MessageError, NotOwnerError, ResolvedError: see `send_agent_message`.
    """
    missing = names_in(body)
    if missing:
        raise UnfilledError(missing)
    message = send_agent_message(conversation=conversation, user=user, client_id=client_id, body=body, at=at)
    if inserted is not None:
        _learn(conversation, message, inserted, at)
    return message


def _learn(conversation: Conversation, reply: Message, inserted: Inserted, at: datetime) -> None:
    decision = Decision.objects.filter(pk=inserted.decision, message__conversation=conversation).first()
    intent = Intent.objects.filter(name=inserted.intent, is_active=True).first()
    if decision is None or intent is None:
        return
    try:
        learn_from_answer(decision=decision, intent=intent, inserted=inserted.text, reply=reply, at=at)
    except (EmptyExampleError, InactiveIntentError, ErasedCustomerError):
        # A question without words, an intent put away or a customer erased this moment: the answer is out.
        return
