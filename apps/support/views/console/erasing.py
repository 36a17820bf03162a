"""A customer is forgotten, after the agent was told what goes with that."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.support import access, tasks
from apps.support.addresses import conversation_or_404
from apps.support.selectors.erasable import what_goes
from apps.support.services.erasure import erase_customer
from apps.support.views.console.shown import as_it_is, conversation_shown
from apps.support.views.guard import form, person


@form(access.MAY_ERASE)
def erase(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What goes; and with the customer's own id, as the question names it, they are gone."""
    conversation = conversation_or_404(public_id)
    visitor = conversation.visitor
    if request.method != "POST":
        shown = {"conversation": conversation, "goes": what_goes(visitor)}
        return render(request, "support/console/_erase.html", shown)
    if request.POST.get("visitor") != str(visitor.public_id):
        raise BadRequest
    erase_customer(visitor=visitor, actor=person(request), at=timezone.now())
    # Out of data sets, indexes and files, too, and soon.
    transaction.on_commit(tasks.dispatch_erasures)
    return as_it_is(request, conversation_shown(request, conversation_or_404(public_id)))
