"""What an agent writes: replies, what is not sent yet, and notes."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from apps.support import access
from apps.support.addresses import conversation_or_404
from apps.support.errors import SupportError
from apps.support.services.drafts import save_draft
from apps.support.services.notes import add_note
from apps.support.services.replies import Inserted, send_reply
from apps.support.views.guard import button, person


@button(access.MAY_WORK)
def reply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Sent once, however often it comes with the same client_id; a refusal says what to do."""
    said = request.POST
    try:
        message = send_reply(
            conversation=conversation_or_404(public_id),
            user=person(request),
            client_id=said.get("client_id", ""),
            body=said.get("body", ""),
            inserted=Inserted.of(said.get("decision", ""), said.get("intent", ""), said.get("inserted", "")),
            at=timezone.now(),
        )
    except SupportError as refusal:
        return JsonResponse({"code": refusal.code, "refusal": str(refusal)})
    return JsonResponse({"seq": message.seq})


@button(access.MAY_WORK)
def draft(request: HttpRequest, public_id: UUID) -> HttpResponse:
    try:
        save_draft(
            conversation=conversation_or_404(public_id),
            user=person(request),
            body=request.POST.get("body", ""),
            at=timezone.now(),
        )
    except SupportError as refusal:
        return JsonResponse({"code": refusal.code, "refusal": str(refusal)})
    return JsonResponse({"is_saved": True})


@button(access.MAY_WORK)
def note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Kept once, as a reply is sent."""
    try:
        kept = add_note(
            conversation=conversation_or_404(public_id),
            user=person(request),
            client_id=request.POST.get("client_id", ""),
            body=request.POST.get("body", ""),
            at=timezone.now(),
        )
    except SupportError as refusal:
        return JsonResponse({"code": refusal.code, "refusal": str(refusal)})
    return JsonResponse({"note": kept.pk})
