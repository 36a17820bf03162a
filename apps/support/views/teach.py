"""Teaching: one button, the lesson it begins, what the lesson changed, and whether it goes live."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.whole_numbers import whole_number
from apps.registry import families
from apps.registry.models import AliasName
from apps.registry.selectors.aliases import champion_of, present_and_previous
from apps.registry.selectors.promotions import said_checks
from apps.registry.services.gate import GateReport, evaluate_gate
from apps.registry.services.promotion import AcceptedLosses
from apps.registry.services.run_events import run_stream
from apps.streams.selectors import stream_position
from apps.support import access, tasks
from apps.support.family_name import FAMILY
from apps.support.models import Lesson
from apps.support.selectors import lessons
from apps.support.selectors.examples import approved_entries, count_new
from apps.support.selectors.knowledge_pages import waiting_examples
from apps.support.services.lessons import start_lesson
from apps.support.services.promotion import promote_lesson, roll_back
from apps.support.views.guard import button, page, person, tried
from apps.ui.htmx import HtmxHttpRequest

SHOWN = 300


@page(access.MAY_READ)
def teach(request: HttpRequest) -> HttpResponse:
    approved = approved_entries()
    latest = lessons.latest_lessons()
    shown = {
        "champion": champion_of(FAMILY),
        "previous": present_and_previous(FAMILY, AliasName.CHAMPION)[1],
        "approved": len(approved),
        "new": count_new(approved),
        "waiting": waiting_examples().count(),
        "lessons": latest,
        "open": next((lesson for lesson in latest if lesson.is_open), None),
        "may_teach": access.may(request.user, access.MAY_TEACH),
    }
    return render(request, "support/teach/index.html", shown)


@button(access.MAY_TEACH)
def start(request: HttpRequest) -> HttpResponse:
    method = request.POST.get("method", Lesson.Method.EXTEND)
    method = method if method in Lesson.Method.values else Lesson.Method.EXTEND
    lesson = tried(request, lambda: start_lesson(actor=person(request), method=method, at=timezone.now()))
    if lesson is None:
        return redirect("support:teach")
    transaction.on_commit(lambda: tasks.dispatch_lesson(lesson.pk))
    return redirect("support:lesson", lesson.pk)


@page(access.MAY_READ)
def lesson(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Lesson.objects.select_related("run", "champion", "started_by", "dataset"), pk=pk
    )
    template = "support/teach/_lesson.html" if request.htmx else "support/teach/lesson.html"
    return render(request, template, _shown(request, found))


@button(access.MAY_TEACH)
def promote(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Lesson, pk=pk)
    champion = whole_number(request.POST.get("champion", "")) or 0
    accepted = AcceptedLosses(tuple(request.POST.getlist("accept")), champion)
    promotion = tried(
        request,
        lambda: promote_lesson(lesson=found, actor=person(request), accepted=accepted, at=timezone.now()),
    )
    if promotion is not None:
        messages.success(
            request, _("Version %(number)s answers now.") % {"number": promotion.to_version.number}
        )
    return redirect("support:lesson", pk)


@button(access.MAY_TEACH)
def rollback(request: HttpRequest) -> HttpResponse:
    leaving = request.POST.get("leaving", "")
    promotion = tried(request, lambda: roll_back(leaving=leaving, actor=person(request), at=timezone.now()))
    if promotion is not None:
        messages.success(
            request, _("Version %(number)s answers again.") % {"number": promotion.to_version.number}
        )
    return redirect("support:teach")


def _shown(request: HttpRequest, found: Lesson) -> dict[str, object]:
    suspected = found.dataset.audit.get("suspected", []) if found.dataset else []
    is_ready = found.state == Lesson.State.READY
    changes = lessons.changed_answers(found) if is_ready else []
    recalls = lessons.recall_changes(found) if is_ready else []
    stream = run_stream(found.run_id) if found.run_id else ""
    return {
        "lesson": found,
        "checks": said_checks(found.checks),
        "stream": stream,
        "seq": stream_position(stream).last_seq if stream else 0,
        "version": found.version,
        "is_live": lessons.is_live(found),
        "is_in_shadow": lessons.is_in_shadow(found),
        "titles": _titles(changes, recalls, suspected),
        "suspected": suspected,
        "changes": changes[:SHOWN],
        "changed": len(changes),
        "tally": {verdict: sum(one.verdict == verdict for one in changes) for verdict in lessons.VERDICTS},
        "moved": [row for row in recalls if row.is_moved],
        "unmoved": [row for row in recalls if not row.is_moved],
        "shadowed": lessons.shadowed(found),
        "report": _report(found),
        "may_teach": access.may(request.user, access.MAY_TEACH),
    }


def _titles(
    changes: list[lessons.Change], recalls: list[lessons.RecallRow], suspected: list[dict[str, str]]
) -> dict[str, str]:
    """What people call the intents on the page; whatever the gate names was recalled."""
    answered = {name for one in changes for name in (one.right, one.before.intent, one.after.intent)}
    labelled = {row[key] for row in suspected for key in ("given", "suggested")}
    return families.titles_of(FAMILY, answered | labelled | {row.intent for row in recalls})


def _report(found: Lesson) -> GateReport | None:
    """What the gate says of the challenger now."""
    version = found.version
    if found.state != Lesson.State.READY or version is None or lessons.is_live(found):
        return None
    return evaluate_gate(version)
