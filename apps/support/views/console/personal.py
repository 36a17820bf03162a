"""What was written and who the customer is, unmasked; and what they are known by, ended."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from apps.support import access
from apps.support.addresses import conversation_or_404
from apps.support.models import Message, Note
from apps.support.services.reveal import reveal_message, reveal_note, reveal_visitor
from apps.support.services.visitors import end_sessions
from apps.support.views.guard import button, person


@button(access.MAY_UNMASK)
def message(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Message.objects.select_related("conversation"), pk=pk, conversation__public_id=public_id
    )
    body = reveal_message(message=found, actor=person(request))
    return render(request, "support/console/_original.html", {"place": f"said-{found.pk}", "body": body})


@button(access.MAY_UNMASK)
def note(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Note.objects.select_related("conversation"), pk=pk, conversation__public_id=public_id
    )
    body = reveal_note(note=found, actor=person(request))
    return render(request, "support/console/_original.html", {"place": f"noted-{found.pk}", "body": body})


@button(access.MAY_UNMASK)
def visitor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    conversation = conversation_or_404(public_id)
    revealed = reveal_visitor(visitor=conversation.visitor, actor=person(request))
    return render(request, "support/console/_contact.html", {"visitor": revealed})


@button(access.MAY_ERASE)
def sessions(request: HttpRequest, public_id: UUID) -> HttpResponse:
    whose = conversation_or_404(public_id).visitor
    end_sessions(visitor=whose, actor=person(request), at=timezone.now())
    return render(request, "support/console/_sessions.html")
