"""A desk with work on it: what the support journeys find in the queue, with people and with the bot."""

from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.support.models import CannedReply, Conversation, Tag, Visitor
from apps.support.selectors.thread import PAGE
from tests.apps.support.factories import (
    hand_over,
    make_conversation,
    make_decision,
    make_intent,
    make_visitor,
    say,
)

ANSWERS = {
    "track_order": "Hi {{customer_name}}, order {{order_id}} is on its way; follow it from your account.",
    "cancel_order": "We have cancelled order {{order_id}} and released the payment.",
    "return_item": "You have 30 days to send an item back. Start the return from your account.",
    "refund_status": "Refunds reach your account within five working days.",
}
# For the journeys that write: each takes one that no other journey touches.
UNTOUCHED = (
    "Nora",
    "Omar",
    "Petra",
    "Quentin",
    "Rosa",
    "Samir",
    "Tove",
    "Ulla",
    "Uma",
    "Xaver",
    "Yara",
    "Zoe",
    "Bela",
    "Cleo",
    "Dora",
    "Edda",
    "Gero",
    "Hana",
    "Ivar",
    "Jona",
    "Kaia",
    "Levi",
    "Milo",
    "Noel",
    "Otto",
    "Pola",
)


def make_desk(at: datetime) -> None:
    for name, answer in ANSWERS.items():
        make_intent(name, answer=answer, skill="orders" if "order" in name else "returns")
    CannedReply.objects.create(
        shortcut="thanks", title="Thank the customer", body="Thank you for your patience."
    )
    CannedReply.objects.create(shortcut="bye", title="Say goodbye", body="Have a good day!")
    for place, name in enumerate(UNTOUCHED):
        waiting(name, at - timedelta(minutes=4 + 3 * place), "Where is my parcel? It was due on Monday.")
    long_story(at)
    with_the_bot(at)
    finished(at)
    endless(at)


def waiting(name: str, at: datetime, text: str) -> Conversation:
    visitor = make_visitor(
        name,
        email=f"{name.lower()}@example.com",
        created_at=at,
        seen_at=at,
        context={"order_id": "48213", "plan": "standard"},
    )
    conversation = make_conversation(
        visitor,
        created_at=at,
        intent="track_order",
        skill="orders",
        response_due_at=at + timedelta(minutes=15),
    )
    question = say(conversation, text, at=at)
    make_decision(question, "track_order", "return_item", "cancel_order", confidence=0.61, created_at=at)
    hand_over(conversation, summary={"questions": [text], "slots": {"order_id": "48213"}})
    return conversation


def long_story(at: datetime) -> None:
    begun = at - timedelta(hours=2)
    visitor = make_visitor("Vera Holm", created_at=begun, seen_at=at, context={"order_id": "51007"})
    conversation = make_conversation(
        visitor,
        created_at=begun,
        intent="return_item",
        skill="returns",
        response_due_at=at - timedelta(minutes=3),
    )
    first = say(conversation, "Hello, can I still send the lamp back?", at=begun)
    make_decision(first, "return_item", "refund_status", "cancel_order")
    say(conversation, ANSWERS["return_item"], "bot", at=begun + timedelta(seconds=1), answers_seq=first.seq)
    second = say(
        conversation,
        "And when is the money back on card 4111 1111 1111 1111? Write to vera@example.com",
        at=at - timedelta(minutes=20),
        masked="And when is the money back on card [CARD]? Write to [EMAIL]",
    )
    make_decision(second, "refund_status", "return_item", "cancel_order", confidence=0.72)
    hand_over(
        conversation, "no_agreement", summary={"questions": [second.masked], "slots": {"order_id": "51007"}}
    )
    conversation.tags.add(Tag.objects.get_or_create(name="refund")[0])


def with_the_bot(at: datetime) -> None:
    conversation = make_conversation(
        make_visitor("Wim", created_at=at, seen_at=at), owner=Conversation.Owner.BOT, created_at=at
    )
    say(conversation, "Hi there", at=at - timedelta(minutes=1))
    say(conversation, "Hello! What can I do for you?", "bot", at=at - timedelta(seconds=59))


def finished(at: datetime) -> None:
    agent = User.objects.get(username="agent2")
    ended = at - timedelta(hours=1)
    visitor: Visitor = make_visitor("Xenia", created_at=ended, seen_at=ended)
    conversation = make_conversation(
        visitor,
        agent=agent,
        created_at=ended,
        status=Conversation.Status.RESOLVED,
        resolution=Conversation.Resolution.ANSWERED,
        resolved_at=ended,
        rating=5,
    )
    say(conversation, "Thanks, that helped", at=ended)


def endless(at: datetime) -> None:
    """More than a page of messages, and over: nobody is given it."""
    ended = at - timedelta(hours=3)
    conversation = make_conversation(
        make_visitor("Lena", created_at=ended, seen_at=ended),
        agent=User.objects.get(username="agent2"),
        created_at=ended,
        status=Conversation.Status.RESOLVED,
        resolved_at=ended,
    )
    for number in range(PAGE + 20):
        say(conversation, f"Rung {number} of the ladder", at=ended)
