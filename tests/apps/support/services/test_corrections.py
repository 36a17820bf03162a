import pytest

from apps.accounts.models import AuditEntry, User
from apps.support.models import AnswerSuggestion, Decision, Example, Intent, Message
from apps.support.selectors.knowledge_pages import conflicts
from apps.support.services.corrections import NotAnAnswerError, correct_intent, learn_from_answer
from apps.support.services.examples import EmptyExampleError, InactiveIntentError
from apps.support.services.ownership import return_to_queue
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_intent, say


@pytest.fixture
def decision(tracking: Intent) -> Decision:
    message = say(make_conversation(), "Money back, Ann", masked="Money back, [NAME]")
    return make_decision(message, tracking.name, confidence=0.4)


@pytest.fixture
def reply(decision: Decision, agent: User) -> Message:
    return say(
        decision.message.conversation,
        "You get it, write to ann@example.com.",
        author="agent",
        user=agent,
    )


def test_an_agents_correction_waits_for_review(decision: Decision, refund: Intent, agent: User) -> None:
    example = correct_intent(decision=decision, intent=refund, actor=agent, at=NOW)

    assert (example.text, example.state, example.author) == ("Money back, [NAME]", "pending", agent)
    decision.refresh_from_db()
    assert (decision.corrected_intent, decision.corrected_by, decision.corrected_at) == (refund, agent, NOW)


def test_what_is_corrected_goes_back_to_who_has_the_skill_for_it(tracking: Intent, agent: User) -> None:
    money = make_intent("money_back", skill="money")
    conversation = make_conversation(agent=agent, intent=tracking.name, skill="parcels")
    first, last = (make_decision(say(conversation, text), tracking.name) for text in ("Money!", "My money!"))
    correct_intent(decision=first, intent=money, actor=agent, at=NOW)
    conversation.refresh_from_db()
    assert conversation.skill == "parcels"

    correct_intent(decision=last, intent=money, actor=agent, at=NOW)

    returned = return_to_queue(conversation=conversation, actor=agent, at=NOW)
    assert (returned.intent, returned.skill) == ("money_back", "money")


def test_a_leads_correction_counts_at_once(decision: Decision, refund: Intent, lead: User) -> None:
    example = correct_intent(decision=decision, intent=refund, actor=lead, at=NOW)

    assert (example.state, example.reviewer, example.source) == ("approved", lead, "correction")


def test_a_second_correction_takes_the_place_of_the_first(
    decision: Decision, refund: Intent, tracking: Intent, agent: User
) -> None:
    first = correct_intent(decision=decision, intent=refund, actor=agent, at=NOW)
    second = correct_intent(decision=decision, intent=tracking, actor=agent, at=NOW)

    first.refresh_from_db()
    assert (first.state, second.state) == ("rejected", "pending")
    back = correct_intent(decision=decision, intent=refund, actor=agent, at=NOW)
    assert (back.pk, back.state) == (first.pk, "pending")


def test_an_agent_takes_nothing_back_that_the_lead_approved(
    decision: Decision, refund: Intent, tracking: Intent, agent: User, lead: User
) -> None:
    approved = correct_intent(decision=decision, intent=refund, actor=lead, at=NOW)
    other = correct_intent(decision=decision, intent=tracking, actor=agent, at=NOW)

    approved.refresh_from_db()
    assert (approved.state, other.state) == ("approved", "pending")
    assert [set(conflict.examples) for conflict in conflicts(10)] == [{approved, other}]


def test_a_lead_takes_their_own_word_back(
    decision: Decision, refund: Intent, tracking: Intent, lead: User
) -> None:
    first = correct_intent(decision=decision, intent=refund, actor=lead, at=NOW)
    correct_intent(decision=decision, intent=tracking, actor=lead, at=NOW)

    first.refresh_from_db()
    assert first.state == "rejected"


def test_the_same_question_again_adds_no_second_example(
    decision: Decision, refund: Intent, agent: User
) -> None:
    other = make_decision(say(make_conversation(), "money back [name]!", masked="money back [NAME]!"))
    correct_intent(decision=decision, intent=refund, actor=agent, at=NOW)
    correct_intent(decision=other, intent=refund, actor=agent, at=NOW)

    assert Example.objects.count() == 1


def test_of_one_question_with_a_greeting_the_question_is_learned(
    decision: Decision, refund: Intent, agent: User
) -> None:
    decision.detail["questions"][0]["text"] = "money back please"
    decision.save()

    assert correct_intent(decision=decision, intent=refund, actor=agent, at=NOW).text == "money back please"


def test_nothing_is_learned_from_nothing(decision: Decision, refund: Intent, agent: User) -> None:
    decision.detail["questions"][0]["text"] = " "
    decision.save()

    with pytest.raises(EmptyExampleError):
        correct_intent(decision=decision, intent=refund, actor=agent, at=NOW)
    decision.refresh_from_db()
    assert decision.corrected_intent is None


def test_an_intent_out_of_use_is_no_correction(decision: Decision, refund: Intent, agent: User) -> None:
    refund.is_active = False
    refund.save()

    with pytest.raises(InactiveIntentError, match="Refund"):
        correct_intent(decision=decision, intent=refund, actor=agent, at=NOW)


def test_an_edited_answer_teaches_its_question_and_is_kept_masked(
    decision: Decision, refund: Intent, reply: Message, agent: User
) -> None:
    learned = learn_from_answer(decision=decision, intent=refund, inserted="You do.", reply=reply, at=NOW)

    assert learned is not None
    assert (learned.body, learned.author, learned.intent) == (
        "You get it, write to [EMAIL_ADDRESS].",
        agent,
        refund,
    )
    example = Example.objects.get()
    assert (example.intent, example.source, example.state) == (refund, "edited_answer", "pending")


def test_an_answer_sent_as_offered_suggests_no_other(
    decision: Decision, refund: Intent, reply: Message
) -> None:
    learned = learn_from_answer(
        decision=decision, intent=refund, inserted=f"{reply.body} ", reply=reply, at=NOW
    )

    assert learned is None
    assert not AnswerSuggestion.objects.exists()
    assert Example.objects.count() == 1


def test_another_conversations_reply_teaches_nothing(decision: Decision, refund: Intent, agent: User) -> None:
    stray = say(make_conversation(), "Hello", author="agent", user=agent)

    with pytest.raises(NotAnAnswerError):
        learn_from_answer(decision=decision, intent=refund, inserted="", reply=stray, at=NOW)


def test_a_correction_is_in_the_audit_trail_without_a_word_of_the_customer(
    decision: Decision, refund: Intent, agent: User
) -> None:
    correct_intent(decision=decision, intent=refund, actor=agent, at=NOW)

    entry = AuditEntry.objects.get(action="support.intent_corrected")
    assert (entry.actor, entry.subject) == (agent, str(decision.message.conversation.public_id))
    assert entry.detail == {"seq": decision.message.seq, "decided": "track_order", "meant": "refund"}


def test_a_correction_that_is_refused_leaves_no_trace(
    decision: Decision, refund: Intent, agent: User
) -> None:
    refund.is_active = False

    with pytest.raises(InactiveIntentError):
        correct_intent(decision=decision, intent=refund, actor=agent, at=NOW)
    assert not AuditEntry.objects.filter(action="support.intent_corrected").exists()
