"""Why the bot thought so, and what it should have thought."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from apps.serving.errors import ServingError
from apps.support import access
from apps.support.models import Conversation, Decision, Intent
from apps.support.selectors.thread import read_decision
from apps.support.services.corrections import correct_intent
from apps.support.services.weighing import weigh_words
from apps.support.views.console.shown import acted, why_shown
from apps.support.views.guard import button, page, person


@page(access.MAY_READ)
def why(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    decision = _decision(public_id, pk)
    shown = {
        **why_shown(decision),
        "is_picked": True,
        "conversation": decision.message.conversation,
        "may_work": access.may(request.user, access.MAY_WORK),
    }
    return render(request, "support/console/_why_picked.html", shown)


@page(access.MAY_READ)
def words(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Which words weighed: asked for, since it takes a prediction a word."""
    decision = _decision(public_id, pk)
    shown: dict[str, object] = {"decision": decision}
    try:
        shown["weighed"] = weigh_words(decision=decision)
    except ServingError as error:
        shown["problem"] = error.sentence
    return render(request, "support/console/_words.html", shown)


@button(access.MAY_WORK)
def correct(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    decision = _decision(public_id, pk)
    intent = get_object_or_404(Intent, name=request.POST.get("intent", ""))

    def correct_it(_conversation: Conversation) -> object:
        return correct_intent(decision=decision, intent=intent, actor=person(request), at=timezone.now())

    return acted(request, public_id, correct_it)


def _decision(public_id: UUID, pk: int) -> Decision:
    decision = read_decision(pk)
    if decision is None or decision.message.conversation.public_id != public_id:
        raise Http404
    return decision
