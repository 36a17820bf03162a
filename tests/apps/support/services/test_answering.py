import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from apps.accounts.models import User
from apps.serving.errors import Fault, ServingError
from apps.support.engine.decision import Action, Reason
from apps.support.models import Conversation, Decision, HandOver, Message
from apps.support.selectors.waiting import conversations_that_wait
from apps.support.services.answering import answer_left_over, answer_waiting, wording
from apps.support.services.messages import send_customer_message
from apps.support.services.ownership import take_conversation
from tests.apps.support.bots import UNCERTIFIED, WordUnderstanding
from tests.apps.support.factories import NOW, make_conversation, make_intent, make_person, make_visitor

PAY = "You can pay by card."


@pytest.fixture
def bot(db: None, monkeypatch: pytest.MonkeyPatch) -> WordUnderstanding:
    make_intent("payment_methods", answer=PAY)
    make_intent("return_item", answer="You have 30 days.", skill="returns")
    return WordUnderstanding().put_in(monkeypatch)


@pytest.fixture
def conversation(bot: WordUnderstanding) -> Conversation:
    return make_conversation(owner=Conversation.Owner.BOT)


def write(conversation: Conversation, body: str) -> Message:
    client_id = f"c{conversation.messages.count()}"
    return send_customer_message(conversation=conversation, client_id=client_id, body=body, at=NOW)


def replies(conversation: Conversation) -> list[tuple[str, int | None]]:
    return list(conversation.messages.filter(author="bot").values_list("body", "answers_seq"))


def test_a_known_question_gets_its_answer(conversation: Conversation) -> None:
    question = write(conversation, "How can I pay?")
    assert answer_waiting(conversation_id=conversation.pk, at=NOW) == 1
    assert replies(conversation) == [(PAY, question.seq)]
    decision = Decision.objects.get(message=question)
    assert (decision.action, decision.reason) == (Action.ANSWER, Reason.CERTIFIED)
    assert decision.template is not None
    assert decision.detail["questions"][0]["neighbours"][0]["label"] == "payment_methods"
    question.refresh_from_db()
    assert not question.awaits_bot


def test_an_exchange_costs_few_queries(
    conversation: Conversation, django_assert_max_num_queries: Any
) -> None:
    write(conversation, "How can I pay?")
    answer_waiting(conversation_id=conversation.pk, at=NOW)

    with django_assert_max_num_queries(24):
        send_customer_message(
            conversation=conversation, client_id="another", body="How can I return it?", at=NOW
        )
        answer_waiting(conversation_id=conversation.pk, at=NOW)


def test_what_waits_is_answered_in_order(conversation: Conversation) -> None:
    first, second = write(conversation, "How can I pay?"), write(conversation, "How can I return it?")
    assert answer_waiting(conversation_id=conversation.pk, at=NOW) == 2
    assert [seq for _, seq in replies(conversation)] == [first.seq, second.seq]


def test_running_it_again_changes_nothing(conversation: Conversation) -> None:
    write(conversation, "How can I pay?")
    answer_waiting(conversation_id=conversation.pk, at=NOW)
    assert answer_waiting(conversation_id=conversation.pk, at=NOW) == 0
    assert len(replies(conversation)) == 1


def test_what_is_not_known_goes_to_people_with_its_facts(conversation: Conversation) -> None:
    message = write(conversation, "My cat ate order 48213, write to mara@example.com")
    answer_waiting(conversation_id=conversation.pk, at=NOW)
    conversation.refresh_from_db()
    hand_over = HandOver.objects.get(conversation=conversation)
    assert (conversation.owner, hand_over.reason) == (Conversation.Owner.QUEUE, Reason.NOT_CONFIDENT)
    assert hand_over.summary["top"] == [{"intent": "complaint", "confidence": 0.4}]
    assert "mara@example.com" not in str(hand_over.summary)
    assert message.decision.action == Action.HAND_OVER


def test_who_wishes_for_a_person_is_handed_over_with_what_they_asked_before(
    conversation: Conversation,
) -> None:
    write(conversation, "I want to return a kettle")
    answer_waiting(conversation_id=conversation.pk, at=NOW)
    write(conversation, "I want to talk to a colleague")
    answer_waiting(conversation_id=conversation.pk, at=NOW)
    hand_over = HandOver.objects.get(conversation=conversation)
    assert (hand_over.reason, hand_over.intent, hand_over.skill) == (
        Reason.WANTS_PERSON,
        "return_item",
        "returns",
    )
    assert hand_over.summary["top"][0]["intent"] == "return_item"
    asked = ["I want to return a kettle", "I want to talk to a colleague"]
    assert hand_over.summary["questions"] == asked


@pytest.mark.parametrize(("said", "intent"), [("转人工", ""), ("A colleague, please", "speak_to_person")])
def test_a_wish_for_a_person_alone_is_routed_by_no_guess(
    conversation: Conversation, said: str, intent: str
) -> None:
    write(conversation, said)
    answer_waiting(conversation_id=conversation.pk, at=NOW)
    hand_over = HandOver.objects.get(conversation=conversation)
    assert (hand_over.reason, hand_over.intent) == (Reason.WANTS_PERSON, intent)


def test_what_is_asked_along_with_the_wish_comes_before_what_was_asked_before(
    conversation: Conversation,
) -> None:
    write(conversation, "I want to return a kettle")
    answer_waiting(conversation_id=conversation.pk, at=NOW)
    write(conversation, "How can I pay? I want a person, please")
    answer_waiting(conversation_id=conversation.pk, at=NOW)
    hand_over = HandOver.objects.get(conversation=conversation)
    assert (hand_over.reason, hand_over.intent) == (Reason.WANTS_PERSON, "payment_methods")


def test_after_a_hand_over_the_bot_is_silent(conversation: Conversation) -> None:
    write(conversation, "My cat ate it")
    write(conversation, "How can I pay?")
    assert answer_waiting(conversation_id=conversation.pk, at=NOW) == 1
    assert replies(conversation) == []


def test_a_held_out_conversation_goes_to_people_and_keeps_what_would_have_been_said(
    conversation: Conversation,
) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(is_hold_out=True)
    message = write(conversation, "How can I return it?")
    answer_waiting(conversation_id=conversation.pk, at=NOW)
    conversation.refresh_from_db()
    assert (conversation.owner, conversation.skill) == (Conversation.Owner.QUEUE, "returns")
    decision = Decision.objects.get(message=message)
    assert (decision.reason, decision.intent) == (Reason.HOLD_OUT, "return_item")
    assert replies(conversation) == []


@pytest.mark.parametrize(("judge", "reason"), [(None, Reason.NO_MODEL), (UNCERTIFIED, Reason.NO_CERTIFICATE)])
def test_without_a_model_or_a_certificate_the_bot_says_so(
    bot: WordUnderstanding, conversation: Conversation, judge: None, reason: Reason
) -> None:
    bot.judge = judge
    write(conversation, "How can I pay?")
    answer_waiting(conversation_id=conversation.pk, at=NOW)
    assert HandOver.objects.get().reason == reason


def test_small_talk_is_answered_in_the_language_of_the_customer(conversation: Conversation) -> None:
    write(conversation, "Hello!")
    answer_waiting(conversation_id=conversation.pk, at=NOW)
    assert replies(conversation)[0][0].startswith("Hello!")


def test_what_tells_no_language_is_answered_in_that_of_what_was_said_before(
    conversation: Conversation,
) -> None:
    for body in ("怎么 pay 付款？", "👍"):
        write(conversation, body)
        answer_waiting(conversation_id=conversation.pk, at=NOW)

    assert [body for body, _ in replies(conversation)] == [PAY, wording("zh-hans").thanks]


def test_a_person_who_takes_over_in_between_is_not_talked_over(
    conversation: Conversation, bot: WordUnderstanding, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = write(conversation, "How can I pay?")
    judging = bot.judging

    def taken_meanwhile() -> object:
        take_conversation(conversation=conversation, user=agent, revision=0, at=NOW)
        return judging()

    monkeypatch.setattr(bot, "judging", taken_meanwhile)
    assert answer_waiting(conversation_id=conversation.pk, at=NOW) == 0
    assert replies(conversation) == []
    assert not Decision.objects.filter(message=message).exists()


def test_the_sweep_finds_what_a_dead_process_left(conversation: Conversation) -> None:
    write(conversation, "How can I pay?")
    assert conversations_that_wait(since=NOW - timedelta(seconds=3)) == []
    assert conversations_that_wait(since=NOW) == [conversation.pk]


def test_a_model_that_is_busy_leaves_the_message_for_the_next_sweep(
    conversation: Conversation, bot: WordUnderstanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> object:
        raise ServingError(Fault.OVERLOADED, "Try again.")

    monkeypatch.setattr(bot, "judging", busy)
    write(conversation, "How can I pay?")
    assert answer_left_over(conversation_id=conversation.pk, at=NOW) == 0
    assert conversations_that_wait(since=NOW) == [conversation.pk]


def test_a_model_that_does_not_come_back_leaves_the_message_to_people(
    conversation: Conversation, bot: WordUnderstanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> object:
        raise ServingError(Fault.NOT_READY, "It can't be loaded.")

    monkeypatch.setattr(bot, "judging", lost)
    write(conversation, "How can I pay?")
    answer_waiting(conversation_id=conversation.pk, at=NOW + timedelta(seconds=21))
    assert HandOver.objects.get().reason == Reason.NO_MODEL


@pytest.mark.django_db(transaction=True)
def test_many_at_once_answer_each_message_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    make_intent("payment_methods", answer=PAY)
    make_intent("return_item", answer="You have 30 days.")
    WordUnderstanding().put_in(monkeypatch)
    conversation = make_conversation(make_visitor(), owner=Conversation.Owner.BOT)
    asked = [write(conversation, text) for text in ("Hi", "How can I pay?", "Thanks", "Can I return it?")]

    def answer() -> None:
        answer_waiting(conversation_id=conversation.pk, at=NOW)
        connections.close_all()

    threads = [threading.Thread(target=answer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [seq for _, seq in replies(conversation)] == [message.seq for message in asked]
    assert Decision.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_bot_and_agent_at_once_leave_one_owner_and_no_late_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    make_intent("payment_methods", answer=PAY)
    WordUnderstanding().put_in(monkeypatch)
    agent = make_person("agent")
    for _ in range(5):
        conversation = make_conversation(make_visitor(), owner=Conversation.Owner.BOT)
        write(conversation, "How can I pay?")

        def answer(pk: int = conversation.pk) -> None:
            answer_waiting(conversation_id=pk, at=NOW)
            connections.close_all()

        thread = threading.Thread(target=answer)
        thread.start()
        take_conversation(conversation=conversation, user=agent, revision=0, at=NOW)
        thread.join()
        owner_seq = conversation_seq_of_owner(conversation)
        assert all(message.seq < owner_seq for message in conversation.messages.filter(author="bot"))


def conversation_seq_of_owner(conversation: Conversation) -> int:
    from apps.streams.models import Event

    event = Event.objects.get(stream__name=conversation.stream, kind="owner")
    return event.seq
