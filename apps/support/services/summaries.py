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


def latest_decided(conversation: Conversation) -> Decision | None:
    """The decision on the last question that was understood, unless it was erased."""
    decided = (
        Decision.objects.filter(message__conversation=conversation).exclude(intent="").exclude(detail={})
    )
    return decided.order_by("-message__seq").first()


def latest_summary(conversation: Conversation, decided: Decision | None) -> dict[str, Any]:
    """Of what was decided last; of the hand-over before where nothing was."""
    if decided is not None:
        return summarise(decided.detail["questions"], decided.detail["slots"], conversation.visitor.context)
    before = conversation.hand_overs.order_by("-created_at", "-pk").first()
    return dict(before.summary) if before is not None else {}


def masked(value: Any, name: str = "") -> Any:
    """JSON without personal data in any of its values; what a value is called tells what it is."""
    if isinstance(value, dict):
        return {key: masked(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, name) for inner in value]
    if isinstance(value, str):
        return mask(_masked_beside(name, value)).text
    if isinstance(value, int) and not isinstance(value, bool):
        found = _masked_beside(name, str(value))
        return value if found == str(value) else found
    return value


def _masked_beside(name: str, value: str) -> str:
    label = f"{name}: "
    found = mask(label + value).text
    return found.removeprefix(label) if found.startswith(label) else value
