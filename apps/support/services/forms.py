"""The form that a customer fills when nobody is there: it waits in the queue as a ticket."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from apps.support.engine.decision import Reason
from apps.support.errors import SupportError
from apps.support.models import Conversation, Message, Visitor
from apps.support.services.conversations import lock_conversation, start_conversation, tell_desk
from apps.support.services.messages import check_message, send_customer_message
from apps.support.services.ownership import pass_on
from apps.support.services.visitors import hold_visitor
from apps.support.texts import is_storable

LONGEST_NAME = 120


class FormError(SupportError):
    code = "bad_form"


@dataclass(frozen=True)
class Form:
    client_id: str
    name: str
    email: str
    body: str


@dataclass(frozen=True)
class Ticket:
    """What a form became, and the address that the answer goes to."""

    message: Message
    email: str


@transaction.atomic
def submit_form(*, visitor: Visitor, form: Form, at: datetime) -> Ticket:
    """In the visitor's current conversation, or in a new one; the same `client_id` again changes nothing.

    Raises:
        FormError, MessageError: it can't be stored.
        VisitorTokenError: since they were let in, they were erased or their tokens revoked.
    """
    check_form(form)
    conversation = start_conversation(visitor=visitor, at=at, channel=Conversation.Channel.FORM)
    message = send_customer_message(
        conversation=conversation, client_id=form.client_id, body=form.body, at=at
    )
    held = lock_conversation(conversation.pk)
    held.channel = Conversation.Channel.FORM
    held.save()
    if held.owner == Conversation.Owner.BOT:
        pass_on(held, reason=Reason.OFFLINE_FORM, at=at)
        tell_desk(held)
    known, name = hold_visitor(visitor), form.name.strip()
    if known.external_id:
        # What the shop has signed is surer than what was typed.
        known.name, known.email = known.name or name, known.email or form.email
    else:
        known.name, known.email = name or known.name, form.email
    known.save(update_fields=["name", "email"])
    return Ticket(message, known.email)


def check_form(form: Form) -> None:
    """Raises FormError or MessageError for one that can't be stored; asked before a conversation begins."""
    check_message(form.client_id, form.body)
    if len(form.name) > LONGEST_NAME or not is_storable(form.name):
        raise FormError(_("A name has at most %(longest)d characters.") % {"longest": LONGEST_NAME})
    try:
        validate_email(form.email)
    except ValidationError:
        raise FormError(_("This is no e-mail address. Write one that the answer can be sent to.")) from None
