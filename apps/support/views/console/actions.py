"""What an agent does with a conversation; each answers with the conversation as it is then."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.whole_numbers import whole_number
from apps.support import access
from apps.support.addresses import conversation_or_404
from apps.support.models import Tag
from apps.support.selectors.agents import colleagues
from apps.support.services.ownership import return_to_queue, take_conversation, transfer_conversation
from apps.support.services.status import reopen_conversation, resolve_conversation, snooze_conversation
from apps.support.services.tags import tag_conversation, untag_conversation
from apps.support.views.console.shown import acted
from apps.support.views.guard import button, page, person

MORNING = 9
# Of colleagues, at once: each has a digit as its key.
OFFERED = 9


@button(access.MAY_WORK)
def take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    revision = whole_number(request.POST.get("revision", ""))
    seen = -1 if revision is None else revision
    return acted(
        request,
        public_id,
        lambda it: take_conversation(conversation=it, user=person(request), revision=seen, at=timezone.now()),
    )


@button(access.MAY_WORK)
def give_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return acted(
        request,
        public_id,
        lambda it: return_to_queue(conversation=it, actor=person(request), at=timezone.now()),
    )


@page(access.MAY_WORK)
def people(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whom it can be passed on to."""
    conversation = conversation_or_404(public_id)
    shown = {"conversation": conversation, "agents": colleagues(conversation), "offered": OFFERED}
    return render(request, "support/console/_people.html", shown)


@button(access.MAY_WORK)
def transfer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    to = get_object_or_404(User, username=request.POST.get("to", ""), is_active=True)
    return acted(
        request,
        public_id,
        lambda it: transfer_conversation(conversation=it, actor=person(request), to=to, at=timezone.now()),
    )


@button(access.MAY_WORK)
def snooze(request: HttpRequest, public_id: UUID) -> HttpResponse:
    now = timezone.now()
    until = snoozed_until(request.POST.get("until", ""), request.POST.get("zone", ""), now)
    return acted(
        request,
        public_id,
        lambda it: snooze_conversation(conversation=it, actor=person(request), until=until, at=now),
    )


@button(access.MAY_WORK)
def resolve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    resolution = request.POST.get("resolution", "")
    return acted(
        request,
        public_id,
        lambda it: resolve_conversation(
            conversation=it, actor=person(request), resolution=resolution, at=timezone.now()
        ),
    )


@button(access.MAY_WORK)
def reopen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return acted(
        request,
        public_id,
        lambda it: reopen_conversation(conversation=it, actor=person(request), at=timezone.now()),
    )


@button(access.MAY_WORK)
def tag(request: HttpRequest, public_id: UUID) -> HttpResponse:
    name = request.POST.get("name", "")
    return acted(request, public_id, lambda it: tag_conversation(conversation=it, name=name))


@button(access.MAY_WORK)
def untag(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
    found = get_object_or_404(Tag, name=name)
    return acted(request, public_id, lambda it: untag_conversation(conversation=it, tag=found))


def snoozed_until(choice: str, zone: str, now: datetime) -> datetime:
    """In hours, or on a morning where the agent is; an unknown choice is now, which the service refuses."""
    hours = {"hour": 1, "afternoon": 4}
    if choice in hours:
        return now + timedelta(hours=hours[choice])
    try:
        there = now.astimezone(ZoneInfo(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        there = now
    days = {"tomorrow": 1, "week": 7 - there.weekday()}
    if choice not in days:
        return now
    morning = there.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=days[choice])
