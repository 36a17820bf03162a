"""What happened in a period, counted in the database."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    Avg,
    Case,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    Variance,
    When,
)
from django.db.models.functions import Cast, Extract
from django.utils import timezone

from apps.support.engine.decision import Reason
from apps.support.engine.reporting import (
    Difference,
    Sample,
    Share,
    exact_shares,
    mean_difference,
    share_difference,
)
from apps.support.models import Conversation, Decision, HandOver, Message
from apps.support.selectors.quality import ANSWERED, WRONG, own_decisions, quality_by
from apps.support.selectors.thread import intent_titles
from modelcore.evaluation.selective import risk_coverage

Resolution = Conversation.Resolution
OUTCOMES = ("confirmed", "assumed", "reopened", "set_aside", "open")
# Closed, with nothing that was asked resolved by that.
SET_ASIDE = (Resolution.NO_ANSWER_NEEDED, Resolution.DUPLICATE, Resolution.SPAM)
UNRESOLVED = ("set_aside", "open")
BY = ("bot", "people")
MOST_ANSWERS = 20_000
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
    """Effect of the bot: conversations that it may answer against those drawn for people."""

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
    """Of an intent or a version: how much was answered, and how much of that somebody found wrong.

    `title` is what the knowledge calls an intent.
    """

    name: str
    asked: int
    answered: int
    wrong: int
    title: str = ""

    @property
    def coverage(self) -> Share:
        return Share(self.answered, self.asked)

    @property
    def precision(self) -> Share:
        return Share(self.answered - self.wrong, self.answered)


class Quantile(Aggregate):
    """The value that a share of the values does not exceed, interpolated linearly."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, value: Any, share: float) -> None:
        super().__init__(value, share=share, output_field=FloatField())


def _minutes(begin: str, end: str) -> Any:
    """None where either is missing."""
    return Cast(Extract(F(end) - F(begin), "epoch"), FloatField()) / 60


# From the conversation's begin to the first answer of anybody.
FIRST_RESPONSE = _minutes("created_at", "first_response_at")


def conversations(period: Period) -> QuerySet[Any]:
    """Those that began in the period, each with its `outcome` and whose that is, `by`."""
    begin, end = period.bounds
    by_agents = Message.objects.filter(conversation=OuterRef("pk"), author=Message.Author.AGENT)
    # The customer's yes may come while they wait for people who have said nothing.
    by_nobody = Q(resolved_by=Conversation.Owner.QUEUE) & ~Exists(by_agents)
    is_reopened = Q(reopened_at__isnull=False)
    return Conversation.objects.filter(created_at__gte=begin, created_at__lt=end).annotate(
        outcome=Case(
            When(is_reopened & ~Q(confirmed_at__gt=F("reopened_at")), then=Value("reopened")),
            When(by_nobody, resolved_at__isnull=False, then=Value("set_aside")),
            When(confirmed_at__isnull=False, then=Value("confirmed")),
            When(resolved_at__isnull=False, resolution__in=SET_ASIDE, then=Value("set_aside")),
            When(resolved_at__isnull=False, then=Value("assumed")),
            default=Value("open"),
        ),
        by=Case(When(outcome="reopened", then="reopened_from"), default="resolved_by"),
    )


def outcomes(period: Period) -> list[OutcomeRow]:
    """Every conversation is in one row; the shares sum to exactly 100."""
    bot = Q(by=Conversation.Owner.BOT)
    counted = (
        conversations(period)
        .values("outcome")
        .annotate(bot=Count("pk", filter=bot), people=Count("pk", filter=~bot))
    )
    counts = {(outcome, by): 0 for outcome in OUTCOMES for by in BY}
    for row in counted:
        for by in BY:
            counts[row["outcome"], by] = row[by]
    # Of these nobody resolved anything.
    for outcome in UNRESOLVED:
        counts[outcome, "people"] += counts.pop((outcome, "bot"))
    shares = exact_shares({f"{outcome} {by}": count for (outcome, by), count in counts.items()})
    total = sum(counts.values())
    return [
        OutcomeRow(
            outcome,
            "" if outcome in UNRESOLVED else by,
            count,
            shares[f"{outcome} {by}"],
            Share(count, total).interval,
        )
        for (outcome, by), count in counts.items()
    ]


def _compared(period: Period) -> QuerySet[Any]:
    """Conversations with the chance to be drawn for people that the last drawn one had, for others differ by
    their time as well; all of them where none was drawn."""
    everyone = conversations(period)
    last = everyone.filter(is_hold_out=True).order_by("-created_at", "-pk").first()
    if last is None:
        return everyone
    if last.hold_out_share is None:
        return everyone.filter(hold_out_share__isnull=True)
    return everyone.filter(hold_out_share=last.hold_out_share)


def effects(period: Period) -> list[EffectRow]:
    counted: dict[bool, dict[str, Any]] = {
        row["is_hold_out"]: row
        for row in _compared(period)
        .values("is_hold_out")
        .annotate(
            total=Count("pk"),
            solved=Count("pk", filter=Q(outcome__in=("confirmed", "assumed"))),
            confirmed=Count("pk", filter=Q(outcome="confirmed")),
            reopened=Count("pk", filter=Q(outcome="reopened")),
            **_sampled("rating", F("rating")),
            **_sampled("first_response", FIRST_RESPONSE),
        )
    }
    with_bot, without = counted.get(False, {}), counted.get(True, {})
    rows = []
    for figure in ("solved", "confirmed", "reopened"):
        treated, control = (Share(row.get(figure, 0), row.get("total", 0)) for row in (with_bot, without))
        rows.append(EffectRow(figure, treated.value, control.value, share_difference(treated, control)))
    for figure in ("rating", "first_response"):
        first, second = _sample(with_bot, figure), _sample(without, figure)
        difference = mean_difference(first, second)
        rows.append(EffectRow(figure, first.mean, second.mean, difference, is_share=False))
    return rows


def times(period: Period) -> list[TimeRow]:
    found = conversations(period)
    taken = HandOver.objects.filter(conversation__in=found.values("pk"))
    spans = (
        ("first_response", found, FIRST_RESPONSE),
        ("wait_for_person", taken.exclude(reason=Reason.TAKEN), _minutes("created_at", "taken_at")),
        ("handle_time", taken, _minutes("taken_at", "ended_at")),
    )
    return [
        TimeRow(
            figure, **rows.aggregate(count=Count(span), median=Quantile(span, 0.5), late=Quantile(span, 0.9))
        )
        for figure, rows, span in spans
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
    rows = _quality(period, "intent")
    titles = intent_titles(row.name for row in rows)
    return [replace(row, title=titles.get(row.name, "")) for row in rows]


def quality_by_version(period: Period) -> list[QualityRow]:
    return _quality(period, "version__number")


def risk_curve(period: Period) -> list[tuple[float, float]]:
    """Coverage and risk in per cent, of answers, as precision has it. Of what went to people only the wrong
    ones are known, by a correction: with these the curve would say of the rest what nobody knows."""
    answered = (
        _decisions(period)
        .filter(ANSWERED, confidence__isnull=False)
        .annotate(wrong=Count("pk", filter=WRONG))
        .order_by("-created_at")
        .values_list("confidence", "wrong")[:MOST_ANSWERS]
    )
    judged = [(confidence, not wrong) for confidence, wrong in answered if confidence is not None]
    if not judged:
        return []
    curve = risk_coverage(*zip(*judged, strict=True))
    return [(100 * share, 100 * risk) for share, risk in zip(curve.coverage, curve.risk, strict=True)]


def _decisions(period: Period) -> QuerySet[Decision]:
    begin, end = period.bounds
    return own_decisions().filter(created_at__gte=begin, created_at__lt=end)


def _quality(period: Period, by: str) -> list[QualityRow]:
    return [
        QualityRow("–" if row[by] is None else str(row[by]), row["asked"], row["answered"], row["wrong"])
        for row in quality_by(_decisions(period), by).order_by("-asked", by)
    ]


def _sampled(figure: str, value: Any) -> dict[str, Aggregate]:
    return {
        f"{figure}_count": Count(value),
        f"{figure}_mean": Avg(value),
        f"{figure}_variance": Variance(value, sample=True),
    }


def _sample(row: dict[str, Any], figure: str) -> Sample:
    return Sample(row.get(f"{figure}_count", 0), row.get(f"{figure}_mean"), row.get(f"{figure}_variance"))
