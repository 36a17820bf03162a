from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.streams.models import Event
from apps.support.models import Conversation, HandOver, Message
from apps.support.services.messages import send_customer_message
from apps.support.services.ownership import (
    AlreadyTakenError,
    NotOwnerError,
    ResolvedError,
    TransferError,
    hand_to_queue,
    return_to_queue,
    take_conversation,
    transfer_conversation,
)
from apps.support.services.status import confirm_resolution
from tests.apps.support.factories import NOW, make_conversation, make_intent, make_person, say

pytestmark = pytest.mark.django_db
Owner = Conversation.Owner


def queue(conversation: Conversation, message: Message | None = None, **fields: object) -> HandOver | None:
    message = message or say(conversation, "Hello?", awaits_bot=True)
    told = {"reason": "wants_person", "intent": "", "summary": {}, **fields}
    return hand_to_queue(conversation=conversation, message=message, at=NOW, **told)  # type: ignore[arg-type]  # one field varies


def test_a_taken_conversation_has_one_owner_and_a_new_revision(agent: User) -> None:
    taken = take_conversation(conversation=make_conversation(), user=agent, revision=0, at=NOW)

    assert (taken.owner, taken.agent, taken.revision) == (Owner.AGENT, agent, 1)


def test_the_slower_agent_is_told_who_has_it(agent: User, lead: User) -> None:
    conversation = make_conversation()
    take_conversation(conversation=conversation, user=lead, revision=0, at=NOW)

    for revision in (0, 1):  # also one whose page shows who has it
        with pytest.raises(AlreadyTakenError, match="lead has this"):
            take_conversation(conversation=conversation, user=agent, revision=revision, at=NOW)


def test_what_has_changed_hands_since_the_page_was_read_is_not_taken(agent: User, lead: User) -> None:
    conversation = make_conversation()
    take_conversation(conversation=conversation, user=lead, revision=0, at=NOW)
    return_to_queue(conversation=conversation, actor=lead, at=NOW)

    with pytest.raises(AlreadyTakenError, match="Look at it again"):
        take_conversation(conversation=conversation, user=agent, revision=0, at=NOW)


def test_what_was_resolved_since_the_page_was_read_is_not_taken(agent: User) -> None:
    conversation = make_conversation()
    confirm_resolution(conversation=conversation, is_solved=True, at=NOW)

    with pytest.raises(ResolvedError, match="Reopen it first"):
        take_conversation(conversation=conversation, user=agent, revision=0, at=NOW)
    assert Conversation.objects.get().agent is None


def test_taking_twice_changes_nothing(agent: User) -> None:
    conversation = make_conversation()

    for _ in range(2):
        taken = take_conversation(conversation=conversation, user=agent, revision=0, at=NOW)

    assert taken.revision == 1


def test_the_bot_hands_over_with_reason_skill_and_deadline() -> None:
    make_intent("refund_status", skill="billing")
    conversation = make_conversation(owner=Owner.BOT)

    hand_over = queue(conversation, intent="refund_status", summary={"slots": {"order_id": "7"}})

    conversation.refresh_from_db()
    assert hand_over is not None
    assert (hand_over.skill, hand_over.summary) == ("billing", {"slots": {"order_id": "7"}})
    assert (conversation.owner, conversation.skill) == (Owner.QUEUE, "billing")
    assert conversation.response_due_at == NOW + timedelta(minutes=15)
    told = Event.objects.filter(stream__name__in=("desk:support", conversation.console))
    assert {event.kind for event in told} == {"conversation", "hand_over"}


def test_the_bot_hands_over_once(agent: User) -> None:
    conversation = make_conversation(owner=Owner.BOT)

    assert [queue(conversation) is None for _ in range(2)] == [False, True]


def test_a_message_that_waits_no_longer_is_not_handed_over() -> None:
    conversation = make_conversation(owner=Owner.BOT)
    message = send_customer_message(conversation=conversation, client_id="c-1", body="Hello?", at=NOW)
    conversation.messages.update(awaits_bot=False)

    assert queue(conversation, message=message) is None


def test_nothing_waits_for_the_bot_in_the_queue() -> None:
    conversation = make_conversation(owner=Owner.BOT)
    message = send_customer_message(conversation=conversation, client_id="c-1", body="Hello?", at=NOW)

    queue(conversation, message=message)

    assert not conversation.messages.filter(awaits_bot=True).exists()


def test_taking_it_is_noted_with_the_hand_over(agent: User) -> None:
    conversation = make_conversation(owner=Owner.BOT)
    queue(conversation)

    take_conversation(conversation=conversation, user=agent, revision=1, at=NOW)

    transfer_conversation(conversation=conversation, actor=agent, to=make_person("agent2"), at=NOW)

    taken = HandOver.objects.get()
    assert (taken.taken_by, taken.is_given) == (agent, False)


def test_an_agent_transfers_what_is_theirs(agent: User) -> None:
    conversation, to = make_conversation(agent=agent), make_person("agent2")

    moved = transfer_conversation(conversation=conversation, actor=agent, to=to, at=NOW)

    assert (moved.agent, moved.revision) == (to, 1)


def test_an_agent_transfers_nothing_of_others_but_a_lead_does(agent: User, lead: User) -> None:
    conversation = make_conversation(agent=make_person("agent2"))

    with pytest.raises(NotOwnerError):
        transfer_conversation(conversation=conversation, actor=agent, to=agent, at=NOW)
    with pytest.raises(NotOwnerError):
        return_to_queue(conversation=conversation, actor=agent, at=NOW)

    assert transfer_conversation(conversation=conversation, actor=lead, to=agent, at=NOW).agent == agent


def test_nothing_goes_to_whoever_answers_no_customers(agent: User, outsider: User) -> None:
    with pytest.raises(TransferError, match="outsider"):
        transfer_conversation(conversation=make_conversation(agent=agent), actor=agent, to=outsider, at=NOW)


def test_customers_are_told_of_each_owner_without_names(agent: User) -> None:
    conversation = make_conversation(agent=agent)

    return_to_queue(conversation=conversation, actor=agent, at=NOW)

    event = Event.objects.get(stream__name=conversation.stream)
    assert (event.kind, event.payload) == ("owner", {"owner": "queue", "agent": None, "is_given": False})
