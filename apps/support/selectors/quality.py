"""How the bot's decisions are counted, wherever that is shown."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet

from apps.support.engine.decision import Reason
from apps.support.models import Decision

ANSWERED = Q(action=Decision.Action.ANSWER)
# By an agent who knew better, or by the customer's own no.
WRONG = (Q(corrected_intent__isnull=False) & ~Q(corrected_intent__name=F("intent"))) | Q(
    denied_at__isnull=False
)


def own_decisions() -> QuerySet[Decision]:
    """What the bot did by itself: no suggestion to people, nor a question back, which an answer follows."""
    return Decision.objects.exclude(action__in=(Decision.Action.SUGGEST, Decision.Action.ASK))


def quality_by(decisions: QuerySet[Decision], name: str) -> QuerySet[Any]:
    """Rows of `name`, asked, answered and wrong, without what was drawn for people whatever the bot knows."""
    counted: QuerySet[Any] = (
        decisions.exclude(reason=Reason.HOLD_OUT)
        .exclude(intent="")
        .values(name)
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=ANSWERED),
            wrong=Count("pk", filter=ANSWERED & WRONG),
        )
    )
    return counted
