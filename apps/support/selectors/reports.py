"""What happened in a period, counted in the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Case, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from apps.support.engine.reporting import (
    Difference,
    Share,
    exact_shares,
    mean_difference,
    quantile,
    risk_points,
    share_difference,
)
from apps.support.models import Conversation, Decision, HandOver
from apps.support.selectors.knowledge_pages import ANSWERED, CORRECTED

OUTCOMES = ("confirmed", "assumed", "reopened", "open")
BY = ("bot", "people")
MOST_JUDGED = 20_000
DAYS = 30


@dataclass(frozen=True)
class Period:
    """From the first day's begin to the last day's end."""

    first: date
    last: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        zone = timezone.get_current_timezone()
        begin = datetime.combine(self.first, time.min, tzinfo=zone)
        return begin, datetime.combine(self.last + timedelta(days=1), time.min, tzinfo=zone)


@dataclass(frozen=True)
class OutcomeRow:
    outcome: str
    by: str
    count: int
    share: Decimal
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class EffectRow:
    """What the bot causes: conversations that it may answer against those drawn for people."""

    figure: str
    with_bot: float | None
    without: float | None
    difference: Difference | None
    is_share: bool = True


@dataclass(frozen=True)
class TimeRow:
    figure: str
    count: int
    median: float | None
    late: float | None


@dataclass(frozen=True)
class QualityRow:
    """Of an intent or a version: how much was answered, and how much of that nobody corrected."""

    name: str
    asked: int
    answered: int
    corrected: int

    @property
    def coverage(self) -> Share:
        return Share(self.answered, self.asked)

    @property
    def precision(self) -> Share:
        return Share(self.answered - self.corrected, self.answered)


def conversations(period: Period) -> QuerySet[Any]:
    """Those that began in the period, each with its `outcome`."""
    begin, end = period.bounds
    return Conversation.objects.filter(created_at__gte=begin, created_at__lt=end).annotate(
        outcome=Case(
            When(reopened_at__isnull=False, then=Value("reopened")),
            When(confirmed_at__isnull=False, then=Value("confirmed")),
            When(resolved_at__isnull=False, then=Value("assumed")),
            default=Value("open"),
        )
    )


def outcomes(period: Period) -> list[OutcomeRow]:
    """Every conversation is in one row; the shares sum to exactly 100."""
    bot = Q(resolved_by=Conversation.Owner.BOT)
    counted = (
        conversations(period)
        .values("outcome")
        .annotate(bot=Count("pk", filter=bot), people=Count("pk", filter=~bot))
    )
    counts = {(outcome, by): 0 for outcome in OUTCOMES for by in BY}
    for row in counted:
        for by in BY:
            counts[row["outcome"], by] = row[by]
    # Open ones are nobody's resolution yet.
    counts["open", "people"] += counts.pop(("open", "bot"))
    shares = exact_shares({f"{outcome} {by}": count for (outcome, by), count in counts.items()})
    total = sum(counts.values())
    return [
        OutcomeRow(
            outcome,
            "" if outcome == "open" else by,
            count,
            shares[f"{outcome} {by}"],
            Share(count, total).interval,
        )
        for (outcome, by), count in counts.items()
    ]


def effects(period: Period) -> list[EffectRow]:
    everyone = conversations(period)
    solved = Q(outcome__in=("confirmed", "assumed"))
    counted: dict[bool, dict[str, Any]] = {
        row["is_hold_out"]: row
        for row in everyone.values("is_hold_out").annotate(
            total=Count("pk"),
            solved=Count("pk", filter=solved),
            confirmed=Count("pk", filter=Q(outcome="confirmed")),
            reopened=Count("pk", filter=Q(outcome="reopened")),
        )
    }
    rows = []
    for figure in ("solved", "confirmed", "reopened"):
        treated, control = (
            Share(counted.get(drawn, {}).get(figure, 0), counted.get(drawn, {}).get("total", 0))
            for drawn in (False, True)
        )
        rows.append(EffectRow(figure, treated.value, control.value, share_difference(treated, control)))
    for figure, values in (("rating", _ratings), ("first_response", _first_responses)):
        treated_values, control_values = (
            values(everyone.filter(is_hold_out=drawn)) for drawn in (False, True)
        )
        rows.append(
            EffectRow(
                figure,
                _mean(treated_values),
                _mean(control_values),
                mean_difference(treated_values, control_values),
                is_share=False,
            )
        )
    return rows


def times(period: Period) -> list[TimeRow]:
    found = conversations(period)
    taken = HandOver.objects.filter(conversation__in=found.values("pk"), taken_at__isnull=False)
    ended = taken.filter(conversation__resolved_at__gt=F("taken_at"))
    handled = _minutes(ended.values_list("taken_at", "conversation__resolved_at"))
    waited = _minutes(taken.values_list("created_at", "taken_at"))
    named = {"first_response": _first_responses(found), "wait_for_person": waited, "handle_time": handled}
    return [
        TimeRow(figure, len(values), quantile(values, 0.5), quantile(values, 0.9))
        for figure, values in named.items()
    ]


def ratings(period: Period) -> dict[str, Any]:
    found = conversations(period).filter(rating__isnull=False)
    counts = dict(found.values_list("rating").annotate(count=Count("pk")))
    return {
        "counts": [(stars, counts.get(stars, 0)) for stars in range(5, 0, -1)],
        "mean": found.aggregate(mean=Avg("rating"))["mean"],
        "total": sum(counts.values()),
    }


def quality_by_intent(period: Period) -> list[QualityRow]:
    return _quality(period, "intent")


def quality_by_version(period: Period) -> list[QualityRow]:
    return _quality(period, "version__number")


def risk_curve(period: Period) -> list[tuple[float, float]]:
    """Of decisions whose outcome is known: answered, or corrected by somebody."""
    judged = (
        _decisions(period)
        .filter(ANSWERED | Q(corrected_intent__isnull=False), confidence__isnull=False)
        .annotate(wrong=Count("pk", filter=CORRECTED))
        .order_by("-created_at")
        .values_list("confidence", "wrong")[:MOST_JUDGED]
    )
    return risk_points([(confidence, not wrong) for confidence, wrong in judged if confidence is not None])


def _decisions(period: Period) -> QuerySet[Decision]:
    """The bot's own; what it suggested to people is none of its answers, and none that it left unanswered."""
    begin, end = period.bounds
    made = Decision.objects.filter(created_at__gte=begin, created_at__lt=end)
    return made.exclude(action=Decision.Action.SUGGEST)


def _quality(period: Period, by: str) -> list[QualityRow]:
    counted = (
        _decisions(period)
        .exclude(intent="")
        .values(by)
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=ANSWERED),
            corrected=Count("pk", filter=ANSWERED & CORRECTED),
        )
        .order_by("-asked", by)
    )
    return [
        QualityRow("–" if row[by] is None else str(row[by]), row["asked"], row["answered"], row["corrected"])
        for row in counted
    ]


def _ratings(found: QuerySet[Any]) -> list[float]:
    return [float(one) for one in found.filter(rating__isnull=False).values_list("rating", flat=True)]


def _first_responses(found: QuerySet[Any]) -> list[float]:
    """Minutes from the conversation's begin to the first answer of anybody."""
    answered = found.filter(first_response_at__isnull=False)
    return _minutes(answered.values_list("created_at", "first_response_at"))


def _minutes(spans: Iterable[tuple[Any, Any]]) -> list[float]:
    return [(end - begin).total_seconds() / 60 for begin, end in spans]


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
