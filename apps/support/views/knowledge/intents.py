"""Intents, how customers say them and what they are answered."""

from dataclasses import asdict

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.support import access
from apps.support.engine.languages import DEFAULT_LANGUAGE
from apps.support.models import AnswerTemplate, Intent, Placeholder
from apps.support.selectors import knowledge_pages as knowledge
from apps.support.selectors.names import names_state
from apps.support.selectors.standing import standing
from apps.support.selectors.understanding import sample_of
from apps.support.services.examples import add_examples
from apps.support.services.intents import IntentChange, change_intent, create_intent
from apps.support.services.templates import save_template, unknown_placeholders, write_answer
from apps.support.views.guard import button, form, page, person, tried

ON_A_PAGE = 50
INTENTS_ON_A_PAGE = 200


@page(access.MAY_READ)
def intents(request: HttpRequest) -> HttpResponse:
    return _intents_page(request)


def _intents_page(request: HttpRequest, *, title: str = "") -> HttpResponse:
    search = request.GET.get("q", "").replace("\0", "").strip()
    rows = knowledge.intent_rows(at=timezone.now(), language=get_language() or "", search=search)
    shown = {
        # First what customers are not told although it is written.
        "rows": Paginator(sorted(rows, key=lambda row: not row.is_withheld), INTENTS_ON_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "search": search,
        "new_title": title,
        "waiting": knowledge.waiting_examples().count(),
        "conflicts": knowledge.claimed_twice().count(),
        "withheld": sum(row.is_withheld for row in rows),
        "near": knowledge.near_duplicates().count(),
        "suggestions": knowledge.open_suggestions().count(),
        "names": names_state(),
        "may_edit": access.may(request.user, access.MAY_EDIT_KNOWLEDGE),
        "may_teach": access.may(request.user, access.MAY_TEACH),
    }
    return render(request, "support/knowledge/intents.html", shown)


@form(access.MAY_EDIT_KNOWLEDGE)
def add(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("support:intents")
    title = request.POST.get("title", "")
    created = tried(request, lambda: create_intent(title=title, at=timezone.now()))
    return redirect("support:intent", created.name) if created else _intents_page(request, title=title)


@page(access.MAY_READ)
def intent(request: HttpRequest, name: str) -> HttpResponse:
    return _intent_page(request, get_object_or_404(Intent, name=name))


def _intent_page(
    request: HttpRequest,
    found: Intent,
    *,
    answer: AnswerTemplate | None = None,
    change: IntentChange | None = None,
    said: str = "",
) -> HttpResponse:
    """What was refused stands in its form, to be put right."""
    seen = request.POST.get("seen", "")
    templates = knowledge.versions_by_language(found)
    standings = {language: standing(versions[0]) for language, versions in templates.items()}
    if answer is not None:
        versions = templates.get(answer.language, [])
        current = versions[0] if versions else None
        standings[answer.language] = standing(current, typed={"body": answer.body}, seen=seen)
        templates[answer.language] = [answer, *versions[1:]]
    pages = Paginator(knowledge.examples_of(found), ON_A_PAGE)
    shown = {
        "intent": found,
        "settings": change or found,
        "standing": standing(found, typed=asdict(change) if change else None, seen=seen),
        "said": said,
        "examples": pages.get_page(request.GET.get("page")),
        "templates": templates,
        "standings": standings,
        "suggested": knowledge.suggested_answers(found),
        "others": Intent.objects.filter(is_active=True).exclude(pk=found.pk),
        "placeholders": Placeholder.objects.all(),
        "may_edit": access.may(request.user, access.MAY_EDIT_KNOWLEDGE),
    }
    return render(request, "support/knowledge/intent.html", shown)


@form(access.MAY_EDIT_KNOWLEDGE)
def change(request: HttpRequest, name: str) -> HttpResponse:
    found, seen = get_object_or_404(Intent, name=name), request.POST.get("seen", "")
    if request.method != "POST":
        return redirect("support:intent", name)
    told = IntentChange(
        request.POST.get("title", ""),
        request.POST.get("description", ""),
        request.POST.get("skill", ""),
        "is_active" in request.POST,
    )
    changed = tried(
        request,
        lambda: change_intent(intent=found, change=told, seen=seen),
        _("The intent was changed."),
    )
    if changed is None:
        return _intent_page(request, get_object_or_404(Intent, name=name), change=told)
    return redirect("support:intent", name)


@form(access.MAY_EDIT_KNOWLEDGE)
def say(request: HttpRequest, name: str) -> HttpResponse:
    """Add examples by hand, one a line."""
    found = get_object_or_404(Intent, name=name)
    if request.method != "POST":
        return redirect("support:intent", name)
    written = request.POST.get("text", "")
    texts = [line for line in written.splitlines() if line.strip()]
    author, now = person(request), timezone.now()
    added = tried(request, lambda: add_examples(intent=found, texts=texts, author=author, at=now))
    if added is None:
        return _intent_page(request, found, said=written)
    sentence = ngettext("%(count)s example was added.", "%(count)s examples were added.", added)
    known = ngettext("The intent has this already.", "The intent has all of these already.", len(texts))
    messages.success(request, sentence % {"count": added} if added else known)
    return redirect("support:intent", name)


@form(access.MAY_EDIT_KNOWLEDGE)
def answer(request: HttpRequest, name: str) -> HttpResponse:
    """Sent by its form; the address of a refused one may be opened again."""
    found = get_object_or_404(Intent, name=name)
    if request.method != "POST":
        return redirect("support:intent", name)
    language, body = request.POST.get("language") or DEFAULT_LANGUAGE, request.POST.get("body", "")
    seen, author = request.POST.get("seen", ""), person(request)
    saved = tried(
        request,
        lambda: write_answer(
            intent=found, language=language, body=body, seen=seen, author=author, at=timezone.now()
        ),
    )
    if saved is None:
        return _intent_page(request, found, answer=AnswerTemplate(language=language, body=body))
    return redirect(f"{request.path.removesuffix('answer/')}#answers")


@button(access.MAY_READ)
def preview(request: HttpRequest, name: str) -> HttpResponse:
    """The answer as a customer would read it, and the placeholders that nothing fills."""
    get_object_or_404(Intent, name=name)
    body = request.POST.get("body", "")
    shown = {"text": sample_of(body), "unknown": unknown_placeholders(body)}
    return render(request, "support/knowledge/_preview.html", shown)


@button(access.MAY_EDIT_KNOWLEDGE)
def restore(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Answer as an older version did, by a new version of its text."""
    old = get_object_or_404(
        AnswerTemplate.objects.select_related("intent", "origin"), pk=pk, intent__name=name
    )
    tried(
        request,
        lambda: save_template(
            intent=old.intent,
            language=old.language,
            body=old.body,
            author=person(request),
            at=timezone.now(),
            origin=old.origin,
        ),
        _("The earlier answer is back."),
    )
    return redirect("support:intent", name)
