import pytest
from django.db import connection

from apps.accounts.models import User
from apps.support.models import Conversation, Example, Intent, Message
from apps.support.services import replies
from apps.support.services.corrections import learn_from_answer
from apps.support.services.erasure import erase_customer
from apps.support.services.replies import Inserted, send_reply
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_intent, say


@pytest.fixture
def asked(agent: User) -> Message:
    conversation = make_conversation(owner=Conversation.Owner.AGENT, agent=agent)
    return say(conversation, "money back please")


def answer(asked: Message, agent: User, intent: Intent) -> Message:
    inserted = Inserted(make_decision(asked).pk, intent.name, "You do.")
    return send_reply(
        conversation=asked.conversation,
        user=agent,
        client_id="r-1",
        body="You do, today.",
        inserted=inserted,
        at=NOW,
    )


@pytest.mark.django_db(transaction=True)
def test_no_one_waits_for_a_reply_while_it_is_learned_from(
    asked: Message, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def learn(**given: object) -> object:
        held.append(connection.in_atomic_block)
        return learn_from_answer(**given)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(replies, "learn_from_answer", learn)
    answer(asked, agent, make_intent("refund"))
    assert (held, Example.objects.count()) == ([False], 1)


@pytest.mark.django_db
def test_nothing_is_learned_of_a_customer_who_is_erased_meanwhile(
    asked: Message, agent: User, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def learn(**given: object) -> object:
        erase_customer(visitor=asked.conversation.visitor, actor=lead, at=NOW)
        return learn_from_answer(**given)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(replies, "learn_from_answer", learn)
    assert answer(asked, agent, make_intent("refund")).pk
    assert not Example.objects.exists()
