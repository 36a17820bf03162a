"""Reports of a period, with their tables to take along."""

import csv
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.support import access
from apps.support.selectors import reports
from apps.support.selectors.reports import Period, QualityRow
from apps.support.views.guard import page

Rows = Iterable[tuple[Any, ...]]
EARLIEST = date(2000, 1, 1)  # before any conversation, and after what calendars can't count with


@page(access.MAY_REPORT)
def report(request: HttpRequest) -> HttpResponse:
    period = _period(request)
    outcomes, effects = reports.outcomes(period), reports.effects(period)
    by_intent = reports.quality_by_intent(period)
    rated = reports.ratings(period)
    curve = reports.risk_curve(period)
    shown = {
        "period": period,
        "outcomes": outcomes,
        "total": sum(row.count for row in outcomes),
        "effects": effects,
        "has_hold_out": effects[0].without is not None,
        "times": reports.times(period),
        "ratings": rated,
        "rating_bars": [(f"{stars} ★", float(count), str(count)) for stars, count in rated["counts"]],
        "by_intent": by_intent,
        "coverage_bars": [
            (row.title or row.name, row.coverage.value or 0.0, f"{100 * (row.coverage.value or 0.0):.0f} %")
            for row in by_intent[:15]
        ],
        "by_version": reports.quality_by_version(period),
        "curve": [(_("Wrong of the answered, %"), curve)] if curve else [],
    }
    return render(request, "support/reports/index.html", shown)


@page(access.MAY_REPORT)
def download(request: HttpRequest, table: str) -> HttpResponse:
    tables: dict[str, Callable[[Period], Rows]] = {
        "outcomes": _outcomes,
        "effects": _effects,
        "times": _times,
        "ratings": lambda period: [("stars", "count"), *reports.ratings(period)["counts"]],
        "intents": lambda period: _quality(reports.quality_by_intent(period), "intent"),
        "versions": lambda period: _quality(reports.quality_by_version(period), "version"),
        "risk-coverage": lambda period: [("coverage_percent", "risk_percent"), *reports.risk_curve(period)],
    }
    if table not in tables:
        raise Http404
    period = _period(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table}-{period.first}-{period.last}.csv"'
    csv.writer(response).writerows(tables[table](period))
    return response


def _period(request: HttpRequest) -> Period:
    """What the address asks for; the last thirty days where it asks for nothing that is one."""
    today = timezone.localdate()
    first = _date(request.GET.get("from", "")) or today - timedelta(days=reports.DAYS - 1)
    last = _date(request.GET.get("to", "")) or today
    first, last = sorted(min(max(day, EARLIEST), today) for day in (first, last))
    return Period(first, last)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _outcomes(period: Period) -> Rows:
    yield "outcome", "by", "count", "percent", "low", "high"
    for row in reports.outcomes(period):
        yield row.outcome, row.by, row.count, row.share, *(row.interval or ("", ""))


def _effects(period: Period) -> Rows:
    yield "figure", "with_bot", "hold_out", "difference", "low", "high"
    for row in reports.effects(period):
        found = row.difference
        ends = (found.value, found.low, found.high) if found else ("", "", "")
        yield row.figure, row.with_bot, row.without, *ends


def _times(period: Period) -> Rows:
    yield "figure", "count", "median_minutes", "p90_minutes"
    for row in reports.times(period):
        yield row.figure, row.count, row.median, row.late


def _quality(rows: Iterable[QualityRow], name: str) -> Rows:
    yield name, "asked", "answered", "wrong", "coverage", "precision", "precision_low", "precision_high"
    for row in rows:
        ends = row.precision.interval or ("", "")
        yield row.name, row.asked, row.answered, row.wrong, row.coverage.value, row.precision.value, *ends
