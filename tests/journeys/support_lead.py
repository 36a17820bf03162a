"""A lead's work on the desk: what agents corrected, what was asked over a week, and something to teach."""

from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.registry.models import Version
from apps.support.family_name import FAMILY
from apps.support.models import (
    AnswerSuggestion,
    AnswerTemplate,
    Article,
    Conversation,
    Intent,
    IntentSuggestion,
    KnowledgeImport,
    Lesson,
    Placeholder,
)
from tests.apps.support.factories import make_conversation, make_decision, make_example, make_visitor, say

# One line of one text per intent; a model of two layers tells them apart.
SAID = {
    "track_order": "my parcel is late",
    "cancel_order": "stop the order",
    "return_item": "send it back",
    "refund_status": "the money please",
}
CORRECTION = "Nobody has paid me for the broken vase yet"
DAYS = 7


def make_lead_work(at: datetime) -> None:
    agent = User.objects.get(username="agent")
    for name, words in SAID.items():
        for number in range(10):
            make_example(Intent.objects.get(name=name), f"{words} {number}", created_at=at)
    refund = Intent.objects.get(name="refund_status")
    make_example(refund, CORRECTION, state="pending", source="correction", author=agent, created_at=at)
    for name in ("refund_status", "return_item"):
        make_example(Intent.objects.get(name=name), "What about the lamp?", created_at=at)
    make_texts(agent, at)
    for day in range(DAYS):
        make_day(at - timedelta(days=day + 1), day)
    refused_lesson(at - timedelta(days=1))


def make_texts(agent: User, at: datetime) -> None:
    """Answers in two versions and an edited one, an article, placeholders, a suggestion, an import."""
    tracking = Intent.objects.get(name="track_order")
    tracking.templates.update(is_current=False)
    body = "Hi {{customer_name}}, order {{order_id}} is on its way; follow it from your account."
    AnswerTemplate.objects.create(intent=tracking, number=2, body=body, author=agent, created_at=at)
    edited = "Refunds take five working days; with some banks it is seven."
    refund = Intent.objects.get(name="refund_status")
    AnswerSuggestion.objects.create(intent=refund, language="en", body=edited, author=agent, created_at=at)
    Placeholder.objects.create(
        name="parcel_number",
        kind="identifier",
        source="conversation",
        pattern=r"\bP\d{9}\b",
        when_missing="ask",
        question="Which parcel is it?",
    )
    Placeholder.objects.create(name="shop_name", source="setting", value="Saltmarsh Home")
    Article.objects.create(
        slug="returns",
        number=1,
        title="How to send something back",
        body="Start from your account.",
        created_at=at,
    )
    IntentSuggestion.objects.create(
        title="gift card",
        cohesion=0.83,
        texts=[f"Is gift card {n} still good?" for n in range(8)],
        created_at=at,
    )
    row = {
        "row": 2,
        "question": "Do you ship abroad?",
        "intent": "",
        "title": "",
        "answer": "To all of Europe.",
    }
    KnowledgeImport.objects.create(
        kind="faq", filename="faq.csv", rows=[row], author=User.objects.get(username="lead"), created_at=at
    )


def make_day(at: datetime, day: int) -> None:
    version = Version.objects.get(family=FAMILY)
    for place, name in enumerate(SAID):
        ended = at + timedelta(minutes=3 + place)
        conversation = make_conversation(
            make_visitor(f"Day {day} {place}", created_at=at, seen_at=at),
            owner=Conversation.Owner.BOT,
            created_at=at,
            status=Conversation.Status.RESOLVED,
            resolution=Conversation.Resolution.ANSWERED,
            resolved_at=ended,
            resolved_by="bot",
            rating=1 + (day + 3 * place) % 5,
        )
        question = say(conversation, SAID[name], at=at)
        corrected = Intent.objects.get(name="refund_status") if (day, place) == (1, 2) else None
        confidence = 0.95 if place else 0.6
        make_decision(question, name, confidence=confidence, version=version, corrected_intent=corrected)
        say(conversation, "Done.", "bot", at=at + timedelta(seconds=1), answers_seq=question.seq)


def refused_lesson(at: datetime) -> None:
    sentence = "12 of 40 new labels are probably wrong, more than the 10 % that may be."
    Lesson.objects.create(
        method="refit",
        state="refused",
        new_examples=40,
        checks=[{"name": "labels", "passed": False, "sentence": sentence}],
        started_by=User.objects.get(username="lead"),
        started_at=at,
        ended_at=at + timedelta(seconds=20),
    )
