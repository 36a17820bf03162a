"""Files of knowledge: read and shown, then taken over."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Func, IntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.registry.uploads import filename_of, received
from apps.support import access, tasks
from apps.support.engine.languages import DEFAULT_LANGUAGE, language_written
from apps.support.models import Intent, KnowledgeImport
from apps.support.services.imports import (
    answered_before,
    answers_said,
    confirm_import,
    is_answer,
    preview_import,
    withheld_answers,
)
from apps.support.views.guard import button, page, person, tried
from apps.ui.htmx import HtmxHttpRequest

LARGEST = 16 * 1024 * 1024
SHOWN = 50


@page(access.MAY_READ)
def imports(request: HttpRequest) -> HttpResponse:
    shown = {
        "imports": KnowledgeImport.objects.select_related("author").defer("rows")[:50],
        "may_edit": access.may(request.user, access.MAY_EDIT_KNOWLEDGE),
    }
    return render(request, "support/knowledge/imports.html", shown)


@button(access.MAY_EDIT_KNOWLEDGE)
def upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or file.size is None or file.size > LARGEST:
        messages.error(request, _("Choose a file of at most 16 MB."))
        return redirect("support:imports")
    kept = tried(request, lambda: _preview(request, file))
    if kept and kept.state == KnowledgeImport.State.MASKING:
        transaction.on_commit(tasks.dispatch_mask_imports)
    return redirect("support:import", kept.pk) if kept else redirect("support:imports")


@page(access.MAY_READ)
def preview(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    if request.htmx:
        return _progress(request, pk)
    found = get_object_or_404(KnowledgeImport.objects.select_related("author"), pk=pk)
    # Before it is masked nobody sees what a file holds.
    rows = [] if found.state == KnowledgeImport.State.MASKING else found.rows
    answers = (row["answer"] for row in rows if is_answer(row))
    language = language_written(next(answers, ""), DEFAULT_LANGUAGE)
    out_of_use = Intent.objects.filter(name__in={row["intent"] for row in rows}, is_active=False)
    kept = {intent for intent, _language in answered_before(rows, language)}
    titles = {row["intent"]: row["title"] for row in reversed(rows)}
    said = answers_said(rows, language)
    several = {intent for (intent, _language), answers in said.items() if len(answers) > 1}
    shown = {
        "language": language,
        "several_answers": sorted(titles[intent] for intent in several),
        "answered_before": Intent.objects.filter(name__in=kept),
        "imported": found,
        "rows": rows[:SHOWN],
        "count": len(found.rows),
        "intents": len({row["intent"] for row in rows if row["intent"]}),
        "answers": len({row["intent"] for row in rows if is_answer(row)}),
        "out_of_use": out_of_use,
        "withheld": list(dict.fromkeys(row["row"] for row in withheld_answers(rows))),
        "unlabelled": sum(not row["intent"] for row in rows),
        "may_edit": access.may(request.user, access.MAY_EDIT_KNOWLEDGE),
    }
    return render(request, "support/knowledge/import.html", shown)


@button(access.MAY_EDIT_KNOWLEDGE)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(KnowledgeImport, pk=pk)
    language = request.POST.get("language") or DEFAULT_LANGUAGE
    added = tried(
        request,
        lambda: confirm_import(imported=found, language=language, actor=person(request), at=timezone.now()),
    )
    if added is not None:
        sentence = ngettext("%(count)s example is new.", "%(count)s examples are new.", added)
        messages.success(request, sentence % {"count": added})
    return redirect("support:import", pk)


def _progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the search for names is, or that the page is to be read anew; its many rows stay unread."""
    count = Func("rows", function="jsonb_array_length", output_field=IntegerField())
    found = KnowledgeImport.objects.filter(pk=pk).values("pk", "state", "searched_rows", count=count).first()
    if found is None:
        raise Http404
    if found["state"] != KnowledgeImport.State.MASKING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    shown = {"imported": found, "count": found["count"]}
    return render(request, "support/knowledge/_import_progress.html", shown)


def _preview(request: HttpRequest, file: Any) -> KnowledgeImport:
    with received(file) as path:
        return preview_import(path=path, filename=filename_of(file), actor=person(request), at=timezone.now())
