"""The console's page, and the fragments that keep it up to date."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.support import access
from apps.support.addresses import conversation_or_404
from apps.support.models import Conversation, Tag
from apps.support.selectors import queue, replies, understanding
from apps.support.selectors.thread import draft_of
from apps.support.views.console.shown import as_it_is, conversation_shown, list_shown
from apps.support.views.guard import page, person
from apps.ui.htmx import HtmxHttpRequest

SCRIPTS = tuple(
    f"support/{name}.js" for name in ("console", "turns", "chooser", "composer", "outgoing", "presence")
)


@page(access.MAY_READ)
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "support/console/desk.html", {**list_shown(request), **_around(request)})


@page(access.MAY_READ)
def conversations(request: HttpRequest) -> HttpResponse:
    """The list alone."""
    return render(request, "support/console/_list.html", list_shown(request))


@page(access.MAY_READ)
def conversation(request: HtmxHttpRequest, public_id: UUID) -> HttpResponse:
    """One conversation: beside the list that is there already, or as a whole page."""
    found = conversation_or_404(public_id)
    shown = {**conversation_shown(request, found), "draft": draft_of(found, person(request))}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "support/console/_conversation.html", {**shown, **_choices(request)})
    page_shown = {**list_shown(request), **_around(request), **shown}
    return render(request, "support/console/desk.html", page_shown)


@page(access.MAY_READ)
def live(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The reply that is being written stays untouched."""
    return as_it_is(request, conversation_shown(request, conversation_or_404(public_id)))


def _around(request: HttpRequest) -> dict[str, object]:
    return {"facets": queue.desk_facets(), **_choices(request)}


def _choices(request: HttpRequest) -> dict[str, object]:
    """What the composer and the dialogs offer."""
    return {
        "scripts": SCRIPTS,
        "tags": list(Tag.objects.values_list("name", flat=True)),
        "canned": replies.canned_replies(person(request)),
        "intents": understanding.intents_to_choose(),
        "resolutions": Conversation.Resolution.choices,
    }
