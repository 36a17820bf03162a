"""Messages that people have to answer: the bot says to them what it may be, and nothing to the customer."""

from datetime import datetime, timedelta

import pytest

from apps.accounts.models import User
from apps.serving.errors import Fault, ServingError
from apps.streams.models import Event
from apps.support.models import AnswerTemplate, Conversation, Decision, Intent, Message
from apps.support.selectors.knowledge_pages import intent_rows
from apps.support.selectors.understanding import best_answers, offered_answer
from apps.support.selectors.waiting import SUGGESTED_WITHIN, conversations_without_suggestions
from apps.support.services import answering, suggesting
from apps.support.services.answering import Decided, answer_waiting, decide_message
from apps.support.services.erasure import erase_customer
from apps.support.services.messages import send_customer_message
from apps.support.services.ownership import take_conversation
from apps.support.services.status import resolve_conversation
from apps.support.services.suggesting import suggest_left_over, suggest_waiting
from tests.apps.support.bots import WordUnderstanding
from tests.apps.support.factories import NOW, make_conversation, make_intent

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> WordUnderstanding:
    make_intent("payment_methods", answer="You can pay by card.")
    return WordUnderstanding().put_in(monkeypatch)


@pytest.fixture
def conversation(bot: WordUnderstanding, agent: User) -> Conversation:
    """An agent has it."""
    return make_conversation(agent=agent)


def write(conversation: Conversation, body: str, at: datetime = NOW) -> Message:
    client_id = f"c{conversation.messages.count()}"
    return send_customer_message(conversation=conversation, client_id=client_id, body=body, at=at)


def suggest(conversation: Conversation) -> int:
    return suggest_waiting(conversation_id=conversation.pk, at=NOW)


def test_an_agents_customer_gets_no_reply_and_the_agent_a_suggestion(conversation: Conversation) -> None:
    message = write(conversation, "How can I pay?")

    assert suggest(conversation) == 1

    decision = Decision.objects.get()
    assert (decision.message, decision.action, decision.intent) == (message, "suggest", "payment_methods")
    assert conversation.messages.count() == 1
    told = Event.objects.get(stream__name=conversation.console, kind="decision")
    assert told.payload == {"decision": decision.pk}


def test_an_agent_is_offered_answers_in_the_language_of_the_customer(conversation: Conversation) -> None:
    intent = Intent.objects.get()
    AnswerTemplate.objects.create(
        intent=intent, language="zh-hans", number=1, body="可以刷卡。", created_at=NOW
    )
    write(conversation, "怎么 pay 付款？")

    suggest(conversation)

    decision = Decision.objects.get()
    assert [one.text for one in best_answers(conversation, decision, may_unmask=True)] == ["可以刷卡。"]
    assert offered_answer(conversation, decision, intent.name).language == "zh-hans"
    decision.detail.pop("language")  # as decisions were kept before
    assert offered_answer(conversation, decision, intent.name).language == "zh-hans"


def test_once_is_enough(conversation: Conversation, bot: WordUnderstanding) -> None:
    write(conversation, "How can I pay?")

    assert [suggest(conversation) for _ in range(2)] == [1, 0]
    assert bot.asked == 1


def test_who_is_slower_tells_nothing(conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    message = write(conversation, "How can I pay?")

    def decide_slowly(asked: Message, at: object) -> object:
        Message.objects.filter(pk=message.pk).update(awaits_suggestion=False)  # another was faster
        return decide_message(asked, NOW)

    monkeypatch.setattr(suggesting, "decide_message", decide_slowly)

    assert suggest(conversation) == 0
    assert not Decision.objects.exists()


@pytest.mark.parametrize("body", ["Thanks!", "…"])
def test_where_nothing_is_asked_nothing_is_suggested(conversation: Conversation, body: str) -> None:
    message = write(conversation, body)

    assert suggest(conversation) == 0
    message.refresh_from_db()
    assert not message.awaits_suggestion


def test_what_waited_for_the_bot_when_an_agent_took_it_gets_a_suggestion(
    bot: WordUnderstanding, agent: User
) -> None:
    conversation = make_conversation(owner=Conversation.Owner.BOT)
    write(conversation, "How can I pay?")
    take_conversation(conversation=conversation, user=agent, revision=0, at=NOW)

    assert answer_waiting(conversation_id=conversation.pk, at=NOW) == 0
    assert suggest(conversation) == 1


def test_what_an_agent_took_while_the_bot_decided_gets_a_suggestion(
    bot: WordUnderstanding, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = make_conversation(owner=Conversation.Owner.BOT)
    write(conversation, "My cat ate order 48213")

    def taken_meanwhile(message: Message, at: datetime) -> Decided:
        take_conversation(conversation=conversation, user=agent, revision=0, at=at)
        return decide_message(message, at)

    with monkeypatch.context() as slow:
        slow.setattr(answering, "decide_message", taken_meanwhile)
        assert answer_waiting(conversation_id=conversation.pk, at=NOW) == 0
    assert suggest(conversation) == 1


def test_what_the_bot_handed_over_has_its_decision(bot: WordUnderstanding) -> None:
    conversation = make_conversation(owner=Conversation.Owner.BOT)
    write(conversation, "My cat ate it")
    answer_waiting(conversation_id=conversation.pk, at=NOW)

    assert suggest(conversation) == 0
    assert Decision.objects.get().action == "hand_over"


def test_what_a_customer_comes_back_with_goes_to_who_has_the_skill_for_it(
    bot: WordUnderstanding, agent: User
) -> None:
    make_intent("return_item", skill="returns")
    conversation = make_conversation(agent=agent, intent="payment_methods", skill="money")
    resolve_conversation(conversation=conversation, actor=agent, resolution="answered", at=NOW)
    write(conversation, "How do I return it?")

    suggest(conversation)
    write(conversation, "Or can I pay it?", NOW + timedelta(minutes=1))
    suggest(conversation)

    conversation.refresh_from_db()
    handed = conversation.hand_overs.get()
    assert (conversation.intent, conversation.skill) == ("return_item", "returns")
    assert (handed.intent, handed.skill) == ("return_item", "returns")
    assert handed.summary["questions"] == ["How do I return it?"]


def test_a_model_that_is_away_leaves_it_to_the_next_sweep(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(message: Message, at: object) -> object:
        raise ServingError(Fault.OVERLOADED, "full")

    write(conversation, "How can I pay?")
    monkeypatch.setattr(suggesting, "decide_message", away)

    assert suggest_left_over(conversation_id=conversation.pk, at=NOW) == 0
    assert conversations_without_suggestions(since=NOW) == [conversation.pk]
    assert conversations_without_suggestions(since=NOW + SUGGESTED_WITHIN + timedelta(seconds=1)) == []


def test_nothing_is_suggested_for_what_is_resolved_or_erased(
    conversation: Conversation, agent: User, lead: User
) -> None:
    write(conversation, "How can I pay?")
    resolve_conversation(conversation=conversation, actor=agent, resolution="answered", at=NOW)
    other = make_conversation(agent=agent)
    write(other, "How can I pay?")
    erase_customer(visitor=other.visitor, actor=lead, at=NOW)

    assert [suggest(one) for one in (conversation, other)] == [0, 0]


def test_suggestions_are_no_answers_in_the_reports(conversation: Conversation) -> None:
    write(conversation, "How can I pay?")
    suggest(conversation)

    (row,) = [row for row in intent_rows(at=NOW, language="en") if row.intent.name == "payment_methods"]
    assert (row.asked, row.answered) == (0, 0)
