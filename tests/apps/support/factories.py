"""What support tests are made of: agents, visitors, conversations, messages and what the bot made of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group

from apps.accounts.models import User
from apps.streams.services.events import append_event
from apps.support.engine.decision import Action, Neighbour, Ranked, Reason, Understood, Verdict
from apps.support.engine.sentences import digest_of
from apps.support.models import (
    AnswerTemplate,
    Conversation,
    Decision,
    Example,
    HandOver,
    Intent,
    Message,
    Visitor,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TITLES = {
    "track_order": "Track an order",
    "cancel_order": "Cancel an order",
    "return_item": "Return an item",
    "refund_status": "Refund status",
}


def make_person(username: str, role: str = "agent", *, is_staff: bool = False) -> User:
    """Roles: agent, support_lead, auditor, …; an empty one is nobody's."""
    person = User.objects.create_user(username, password="correct horse battery", is_staff=is_staff)
    if role:
        person.groups.add(Group.objects.get(name=role))
    return person


def make_visitor(name: str = "Mara Lind", **fields: Any) -> Visitor:
    defaults = {"email": "mara@example.com", "created_at": NOW, "seen_at": NOW}
    return Visitor.objects.create(name=name, **{**defaults, **fields})


def make_conversation(
    visitor: Visitor | None = None, *, agent: User | None = None, **fields: Any
) -> Conversation:
    """In the queue, or with `agent`."""
    owner = Conversation.Owner.AGENT if agent else Conversation.Owner.QUEUE
    defaults = {"owner": owner, "agent": agent, "created_at": NOW}
    return Conversation.objects.create(visitor=visitor or make_visitor(), **{**defaults, **fields})


def say(
    conversation: Conversation, body: str, author: str = "customer", *, at: datetime = NOW, **fields: Any
) -> Message:
    """A message with the next `seq` of the conversation's stream; `masked` is the body unless given."""
    client_id = fields.pop("client_id", f"{author}:{conversation.messages.count()}")
    event = append_event(stream=conversation.stream, kind="message", payload={"author": author})
    conversation.last_message_at = at
    if author == Message.Author.CUSTOMER:
        conversation.last_customer_at = at
    conversation.save(update_fields=["last_message_at", "last_customer_at"])
    return Message.objects.create(
        conversation=conversation,
        seq=event.seq,
        author=author,
        client_id=client_id,
        body=body,
        created_at=at,
        **{"masked": body, **fields},
    )


def make_intent(name: str = "track_order", *, answer: str = "", **fields: Any) -> Intent:
    """An intent, with its current answer in English when one is given."""
    defaults = {"title": TITLES.get(name, name.replace("_", " ").capitalize()), "created_at": NOW}
    intent = Intent.objects.create(name=name, **{**defaults, **fields})
    if answer:
        AnswerTemplate.objects.create(intent=intent, number=1, body=answer, created_at=NOW)
    return intent


def make_example(intent: Intent, text: str, **fields: Any) -> Example:
    defaults = {"source": Example.Source.SAMPLE, "state": Example.State.APPROVED, "created_at": NOW}
    return Example.objects.create(intent=intent, text=text, digest=digest_of(text), **{**defaults, **fields})


def understood(text: str, *intents: str, confidence: float = 0.97) -> Understood:
    """A question whose best intents, best first, halve in probability from one to the next."""
    top = tuple(Ranked(name, round(0.96 / 2**place, 4)) for place, name in enumerate(intents))
    neighbours = tuple(Neighbour(f"near {text} {place}", intents[0], 0.9 - place / 20) for place in range(3))
    return Understood(text=text, top=top, neighbours=neighbours, confidence=confidence)


def make_decision(message: Message, *intents: str, confidence: float = 0.97, **fields: Any) -> Decision:
    """What the bot made of a message: answered when it is confident enough, handed over otherwise."""
    is_sure = confidence >= 0.9
    verdict = Verdict(
        action=Action.ANSWER if is_sure else Action.HAND_OVER,
        reason=Reason.CERTIFIED if is_sure else Reason.NOT_CONFIDENT,
        questions=(understood(message.masked, *intents, confidence=confidence),) if intents else (),
        slots=fields.pop("slots", {}),
    )
    defaults = {
        "action": verdict.action,
        "reason": verdict.reason,
        "intent": verdict.intent,
        "confidence": verdict.confidence,
        "threshold": 0.9,
        "detail": verdict.to_json(),
        "milliseconds": 4.2,
        "created_at": message.created_at + timedelta(milliseconds=50),
    }
    return Decision.objects.create(message=message, **{**defaults, **fields})


def hand_over(conversation: Conversation, reason: str = Reason.NOT_CONFIDENT, **fields: Any) -> HandOver:
    summary = fields.pop("summary", {"slots": {}, "questions": [], "context": {}, "top": []})
    defaults = {"created_at": conversation.last_message_at or NOW, "intent": conversation.intent}
    return HandOver.objects.create(
        conversation=conversation, reason=reason, summary=summary, **{**defaults, **fields}
    )
