from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.streams.models import Event
from apps.support.errors import SupportError
from apps.support.models import Conversation, Draft, Message
from apps.support.services.conversations import ShownElsewhereError
from apps.support.services.messages import reply_as_bot, send_agent_message, send_customer_message
from apps.support.services.ownership import (
    NotOwnerError,
    ResolvedError,
    return_to_queue,
    take_conversation,
)
from tests.apps.support.factories import NOW, make_conversation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_bot(db: None) -> Conversation:
    return make_conversation(owner=Conversation.Owner.BOT)


def ask(conversation: Conversation, body: str = "Where is it?", client_id: str = "c-1") -> Message:
    return send_customer_message(conversation=conversation, client_id=client_id, body=body, at=NOW)


def answer(
    conversation: Conversation, user: User, body: str = "On its way.", client_id: str = "a-1"
) -> Message:
    return send_agent_message(conversation=conversation, user=user, client_id=client_id, body=body, at=NOW)


def test_a_message_has_the_number_of_its_event(with_bot: Conversation) -> None:
    first, second = ask(with_bot), ask(with_bot, client_id="c-2")

    events = Event.objects.filter(stream__name=with_bot.stream)
    assert [first.seq, second.seq] == [1, 2] == [event.seq for event in events]


def test_an_event_holds_nothing_that_was_said(with_bot: Conversation) -> None:
    ask(with_bot, "I live in Elm Street")

    assert Event.objects.get().payload == {"author": "customer"}


def test_personal_data_is_masked_beside_the_original(with_bot: Conversation) -> None:
    message = ask(with_bot, "Write to mara@example.com")

    assert (message.body, message.masked) == ("Write to mara@example.com", "Write to [EMAIL_ADDRESS]")


def test_the_same_client_id_again_is_the_first_message(with_bot: Conversation) -> None:
    assert ask(with_bot) == ask(with_bot, "changed")
    assert Message.objects.count() == 1


def test_a_customer_cannot_take_the_id_of_a_reply(with_bot: Conversation) -> None:
    question = ask(with_bot, client_id="bot:1")

    reply = reply_as_bot(message=question, reply="It is on its way.", at=NOW)

    assert reply is not None
    assert reply != question


def test_an_agent_may_have_chosen_the_id_that_the_customer_chose(agent: User) -> None:
    conversation = make_conversation(agent=agent)
    question = ask(conversation, client_id="1")

    assert answer(conversation, agent, client_id="1") != question


@pytest.mark.parametrize(
    ("body", "code"),
    [("", "empty_body"), (" \n", "empty_body"), ("a\0b", "bad_body"), ("x" * 10_001, "long_body")],
)
def test_a_text_that_cannot_be_stored_is_a_sentence(with_bot: Conversation, body: str, code: str) -> None:
    with pytest.raises(SupportError) as refused:
        ask(with_bot, body)

    assert refused.value.code == code


@pytest.mark.parametrize("client_id", ["", "x" * 101, "a\0"])
def test_an_id_that_cannot_be_stored_is_a_sentence(with_bot: Conversation, client_id: str) -> None:
    with pytest.raises(SupportError, match="client_id"):
        ask(with_bot, client_id=client_id)


def test_the_longest_text_is_taken(with_bot: Conversation) -> None:
    assert len(ask(with_bot, "x" * 10_000).body) == 10_000


def test_the_bot_answers_once(with_bot: Conversation) -> None:
    question = ask(with_bot)

    replies = [reply_as_bot(message=question, reply="Soon.", at=NOW) for _ in range(2)]

    assert replies[0] is not None
    assert (replies[0].answers_seq, replies[0].client_id, replies[1]) == (1, "bot:1", None)
    question.refresh_from_db()
    assert not question.awaits_bot


def test_the_bot_is_silent_once_an_agent_has_it(with_bot: Conversation, agent: User) -> None:
    question = ask(with_bot)
    take_conversation(conversation=with_bot, user=agent, revision=0, at=NOW)

    assert reply_as_bot(message=question, reply="Too late.", at=NOW) is None


def test_only_the_owner_answers(with_bot: Conversation, agent: User) -> None:
    with pytest.raises(NotOwnerError):
        answer(with_bot, agent)
    take_conversation(conversation=with_bot, user=agent, revision=0, at=NOW)
    with pytest.raises(NotOwnerError):
        answer(with_bot, make_person("another"))

    assert answer(with_bot, agent).user == agent


def test_an_answer_that_is_sent_again_is_the_first_whoever_has_it_by_now(agent: User) -> None:
    conversation = make_conversation(agent=agent)
    first = answer(conversation, agent)
    return_to_queue(conversation=conversation, actor=agent, at=NOW)

    assert answer(conversation, agent, "changed") == first


def test_nothing_is_said_in_what_is_resolved(agent: User) -> None:
    conversation = make_conversation(agent=agent, status=Conversation.Status.RESOLVED)

    with pytest.raises(ResolvedError):
        answer(conversation, agent)


def test_nothing_is_said_where_the_customer_would_not_see_it(agent: User) -> None:
    older = make_conversation(agent=agent)
    make_conversation(older.visitor, owner=Conversation.Owner.BOT, created_at=NOW + timedelta(hours=1))

    with pytest.raises(ShownElsewhereError):
        answer(older, agent)
    assert not older.messages.exists()


def test_an_answer_ends_the_waiting_and_its_authors_draft(agent: User) -> None:
    conversation = make_conversation(agent=agent, breached_at=NOW)
    ask(conversation)
    another = make_person("another")
    for user in (agent, another):
        Draft.objects.create(conversation=conversation, user=user, body="On", updated_at=NOW)

    answer(conversation, agent)

    conversation.refresh_from_db()
    assert (conversation.response_due_at, conversation.breached_at) == (None, None)
    assert conversation.first_response_at == NOW
    assert Draft.objects.get().user == another


def test_a_question_to_people_is_due_after_the_minutes_of_the_policy(agent: User) -> None:
    conversation = make_conversation(agent=agent)

    ask(conversation)

    conversation.refresh_from_db()
    assert conversation.response_due_at == NOW + timedelta(minutes=15)


def test_agents_lists_hear_of_what_is_theirs(with_bot: Conversation, agent: User) -> None:
    ask(with_bot)
    assert not Event.objects.filter(stream__name="desk:support").exists()

    take_conversation(conversation=with_bot, user=agent, revision=0, at=NOW)
    ask(with_bot, client_id="c-2")

    told = Event.objects.filter(stream__name="desk:support").values_list("payload", flat=True)
    assert list(told) == [{"conversation": str(with_bot.public_id), "agent": agent.pk}] * 2
