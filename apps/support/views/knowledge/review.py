"""What waits for the lead: corrections, conflicts, suggested answers and suggested intents."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.whole_numbers import whole_number
from apps.support import access, tasks
from apps.support.engine.duplicates import ACROSS, WITHIN
from apps.support.models import AnswerSuggestion, Example, Intent
from apps.support.selectors import knowledge_pages as knowledge
from apps.support.services.examples import keep_one_intent, move_examples, review_examples
from apps.support.services.suggestions import accept_suggestion, ask_for_suggestions, dismiss_suggestion
from apps.support.services.templates import accept_answer, dismiss_answer
from apps.support.views.guard import button, form, page, person, tried

ON_A_PAGE = 100


@page(access.MAY_READ)
def examples(request: HttpRequest) -> HttpResponse:
    return _examples_page(request, list(knowledge.suggested_answers()))


def _examples_page(request: HttpRequest, suggested: list[AnswerSuggestion]) -> HttpResponse:
    shown = {
        "examples": Paginator(knowledge.waiting_examples(), ON_A_PAGE).get_page(request.GET.get("page")),
        "suggested": suggested,
        "others": Intent.objects.filter(is_active=True),
        "may_edit": access.may(request.user, access.MAY_TEACH),
    }
    return render(request, "support/knowledge/examples.html", shown)


@button(access.MAY_TEACH)
def judge(request: HttpRequest) -> HttpResponse:
    """Approve, reject or move the chosen examples."""
    ids = [pk for pk in map(whole_number, request.POST.getlist("example")) if pk is not None]
    decision, now = request.POST.get("decision", ""), timezone.now()
    if not ids:
        messages.error(request, _("Choose the examples first."))
        return _back(request)
    if decision == "move":
        intent = get_object_or_404(Intent, name=request.POST.get("intent", ""))
        count = tried(
            request, lambda: move_examples(ids=ids, intent=intent, reviewer=person(request), at=now)
        )
    else:
        state = {"approve": Example.State.APPROVED, "reject": Example.State.REJECTED}.get(decision)
        if state is None:
            raise BadRequest
        count = tried(
            request, lambda: review_examples(ids=ids, state=state, reviewer=person(request), at=now)
        )
    _tell(request, count)
    return _back(request)


@page(access.MAY_READ)
def conflicts(request: HttpRequest) -> HttpResponse:
    shown = {
        "conflicts": knowledge.conflicts(ON_A_PAGE),
        "conflict_count": knowledge.claimed_twice().count(),
        "near": Paginator(knowledge.near_duplicates(), ON_A_PAGE).get_page(request.GET.get("page")),
        "compared_at": knowledge.compared_at(),
        "within": WITHIN,
        "across": ACROSS,
        "may_teach": access.may(request.user, access.MAY_TEACH),
    }
    return render(request, "support/knowledge/conflicts.html", shown)


@button(access.MAY_TEACH)
def resolve(request: HttpRequest) -> HttpResponse:
    kept = get_object_or_404(Example, pk=whole_number(request.POST.get("example", "")))
    tried(
        request,
        lambda: keep_one_intent(example=kept, reviewer=person(request), at=timezone.now()),
        _("The text belongs to one intent now."),
    )
    return redirect("support:conflicts")


@page(access.MAY_READ)
def suggestions(request: HttpRequest) -> HttpResponse:
    return _suggestions_page(request, {})


def _suggestions_page(request: HttpRequest, titles: dict[int, str]) -> HttpResponse:
    """With the titles that were refused, by the suggestion that they were typed for."""
    shown = {
        "suggestions": knowledge.open_suggestions(),
        "round": knowledge.latest_round(),
        "titles": titles,
        "others": Intent.objects.filter(is_active=True),
        "may_edit": access.may(request.user, access.MAY_TEACH),
    }
    return render(request, "support/knowledge/suggestions.html", shown)


@button(access.MAY_TEACH)
def find(request: HttpRequest) -> HttpResponse:
    ask_for_suggestions(actor=person(request), at=timezone.now())
    transaction.on_commit(tasks.dispatch_suggestions)
    return redirect("support:suggestions")


@form(access.MAY_TEACH)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    title = request.POST.get("title", "")
    if request.method != "POST":
        return redirect("support:suggestions")
    chosen = Intent.objects.filter(name=request.POST.get("intent", "")).first()
    intent = tried(
        request,
        lambda: accept_suggestion(
            suggestion_id=pk,
            intent=chosen,
            title=title,
            actor=person(request),
            at=timezone.now(),
        ),
    )
    return redirect("support:intent", intent.name) if intent else _suggestions_page(request, {pk: title})


@button(access.MAY_TEACH)
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    tried(
        request,
        lambda: dismiss_suggestion(suggestion_id=pk, at=timezone.now()),
        _("Its questions are not suggested again."),
    )
    return redirect("support:suggestions")


@form(access.MAY_EDIT_KNOWLEDGE)
def suggested_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A wording that was refused stands first among what waits, to be put right."""
    suggestion = get_object_or_404(AnswerSuggestion.objects.select_related("intent", "author"), pk=pk)
    body, now = request.POST.get("body", suggestion.body), timezone.now()
    if request.POST.get("decision") == "accept":
        actor = person(request)
        taken_over = tried(
            request, lambda: accept_answer(suggestion=suggestion, body=body, actor=actor, at=now)
        )
        if taken_over is None:
            suggestion.body = body
            others = knowledge.suggested_answers().exclude(pk=pk)
            return _examples_page(request, [suggestion, *others])
    elif request.method == "POST":
        tried(request, lambda: dismiss_answer(suggestion=suggestion, at=now))
    return _back(request)


def _tell(request: HttpRequest, count: int | None) -> None:
    if count is not None:
        sentence = ngettext("%(count)s example was judged.", "%(count)s examples were judged.", count)
        messages.success(request, sentence % {"count": count})


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that the form was on."""
    place = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()})
    return redirect(place if is_here else "support:examples")
