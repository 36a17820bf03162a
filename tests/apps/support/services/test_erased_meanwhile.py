"""An erasure that commits between a customer's way in and what they ask for."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.support.models import Conversation, Message, Visitor
from apps.support.services.conversations import ErasedCustomerError, start_conversation
from apps.support.services.erasure import erase_customer
from apps.support.services.forms import Form, submit_form
from apps.support.services.messages import send_customer_message
from apps.support.services.status import confirm_resolution, rate_conversation
from apps.support.services.visitors import VisitorTokenError
from tests.apps.support.factories import NOW, make_conversation, make_visitor

pytestmark = pytest.mark.django_db
FORM = Form("f-1", "Mara", "mara@example.com", "Call me")
OF_CONVERSATIONS: list[Callable[[Conversation], object]] = [
    lambda one: send_customer_message(conversation=one, client_id="c-1", body="Still there?", at=NOW),
    lambda one: rate_conversation(conversation=one, rating=1, comment="Mara was here"),
    lambda one: confirm_resolution(conversation=one, is_solved=False, at=NOW),
]
OF_VISITORS: list[Callable[[Visitor], object]] = [
    lambda one: start_conversation(visitor=one, at=NOW),
    lambda one: submit_form(visitor=one, form=FORM, at=NOW),
]


@pytest.mark.parametrize("act", OF_CONVERSATIONS)
def test_nothing_more_is_kept_of_their_conversation(
    act: Callable[[Conversation], object], lead: User
) -> None:
    conversation = make_conversation(make_visitor(), owner=Conversation.Owner.BOT)
    erase_customer(visitor=conversation.visitor, actor=lead, at=NOW)

    with pytest.raises(ErasedCustomerError):
        act(Conversation.objects.get(pk=conversation.pk))
    assert not Message.objects.exists()


@pytest.mark.parametrize("act", OF_VISITORS)
def test_nothing_begins_with_what_they_were_let_in_by(act: Callable[[Visitor], object], lead: User) -> None:
    let_in = make_visitor()
    erase_customer(visitor=let_in, actor=lead, at=NOW)

    with pytest.raises(VisitorTokenError):
        act(let_in)
    assert (Visitor.objects.get().name, Conversation.objects.count()) == ("", 0)
