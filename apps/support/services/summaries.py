"""What a person needs to go on with a conversation: facts and slots, without personal data."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.support.models import Conversation, Decision, Intent
from modelcore.privacy import mask


def name_intent(held: Conversation, intent: str) -> None:
    """What the conversation is about, and with that whose skill it needs; the caller saves it."""
    held.intent = intent
    held.skill = Intent.objects.filter(name=intent).values_list("skill", flat=True).first() or ""


def summarise(
    questions: Sequence[Mapping[str, Any]], slots: Mapping[str, Any], context: Mapping[str, Any]
) -> dict[str, Any]:
    """A hand-over's summary.

    Args:
        questions: as a decision's `detail` has them, masked.
        slots: values by their placeholders' names.
        context: what the shop knows of the customer.
    """
    top = questions[0]["top"] if questions else ()
    return {
        "slots": masked(dict(slots)),
        "questions": [question["text"] for question in questions],
        "context": masked(dict(context)),
        "top": [{"intent": one["label"], "confidence": one["confidence"]} for one in top],
    }


def latest_summary(held: Conversation) -> dict[str, Any]:
    """Of the question that was decided last; of the hand-over before where none was.

    What it is about goes to the conversation where that doesn't know yet.
    """
    decided = Decision.objects.filter(message__conversation=held).exclude(intent="")
    latest = decided.order_by("-message__seq").first()
    if latest is None or not latest.detail:
        before = held.hand_overs.order_by("-created_at", "-pk").first()
        return dict(before.summary) if before is not None else {}
    if not held.intent:
        name_intent(held, latest.intent)
    return summarise(latest.detail["questions"], latest.detail["slots"], held.visitor.context)


def masked(value: Any) -> Any:
    """JSON without personal data in any of its texts."""
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, dict):
        return {name: masked(inner) for name, inner in value.items()}
    return [masked(inner) for inner in value] if isinstance(value, list) else value
