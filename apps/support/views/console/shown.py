"""What the console's fragments are filled with."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django_htmx.http import reswap, retarget

from apps.accounts.whole_numbers import whole_number
from apps.streams.selectors import stream_position
from apps.support import access
from apps.support.addresses import conversation_or_404
from apps.support.errors import SupportError
from apps.support.models import Conversation, Decision
from apps.support.models.conversations import DESK
from apps.support.selectors import queue, thread, understanding
from apps.support.selectors.conversations import shown_instead
from apps.support.views.guard import person

# Each list with its name for people, and the key that follows g.
LISTS = (
    (queue.Desk.QUEUE, pgettext_lazy("list", "Queue"), "q"),
    (queue.Desk.MINE, pgettext_lazy("list", "Mine"), "m"),
    (queue.Desk.SNOOZED, pgettext_lazy("list", "Snoozed"), "s"),
    (queue.Desk.OPEN, pgettext_lazy("list", "All"), "a"),
    (queue.Desk.RESOLVED, pgettext_lazy("list", "Done"), "r"),
)


def list_shown(request: HttpRequest) -> dict[str, Any]:
    """A list, its counts and what it can be narrowed by."""
    wanted, user = queue.Wanted.of(request.GET), person(request)
    return {
        "desk_stream": DESK,
        "desk_seq": stream_position(DESK).last_seq,
        "wanted": wanted,
        "found": queue.desk_list(wanted, user),
        "counts": queue.desk_counts(user),
        "lists": LISTS,
        "may_unmask": access.may(user, access.MAY_UNMASK),
    }


def conversation_shown(request: HttpRequest, conversation: Conversation, refusal: str = "") -> dict[str, Any]:
    """The thread, who has it, and what helps to answer; `refusal` says why the last click did nothing."""
    user = person(request)
    followed = thread.followed(conversation)
    is_erased = conversation.visitor.erased_at is not None
    may_work, may_unmask = (access.may(user, what) for what in (access.MAY_WORK, access.MAY_UNMASK))
    size = min(whole_number(request.GET.get("shown", "")) or 0, thread.LONGEST_THREAD)
    latest = thread.latest_decision(conversation)
    picked = _picked(request, conversation)
    return {
        "conversation": conversation,
        "followed": followed,
        "thread": thread.read_thread(conversation, shown=max(size, thread.PAGE)),
        "hand_over": thread.latest_hand_over(conversation),
        "refusal": refusal,
        "may_work": may_work,
        "may_unmask": may_unmask,
        "may_erase": access.may(user, access.MAY_ERASE) and not is_erased,
        "is_erased": is_erased,
        "may_reassign": access.may(user, access.MAY_REASSIGN),
        "is_mine": conversation.agent_id == user.pk,
        "shown_instead": shown_instead(conversation),
        **why_shown(picked or latest),
        "is_picked": picked is not None,
        "latest": latest,
        "answers": understanding.best_answers(conversation, latest, may_unmask=may_unmask)
        if latest and may_work and not is_erased
        else [],
    }


def why_shown(decision: Decision | None) -> dict[str, Any]:
    if decision is None:
        return {"decision": None, "questions": [], "runners_up": [], "title": ""}
    questions = understanding.explained(decision)
    return {
        "decision": decision,
        "questions": questions,
        "runners_up": understanding.runners_up(decision, questions),
        "title": thread.intent_titles([decision.intent]).get(decision.intent, decision.intent),
    }


def acted(request: HttpRequest, public_id: UUID, act: Callable[[Conversation], object]) -> HttpResponse:
    """Make the one domain call of a button and answer with the conversation as it is then."""
    conversation, refusal = conversation_or_404(public_id), ""
    try:
        act(conversation)
    except SupportError as error:
        refusal = str(error)
    return as_it_is(request, conversation_shown(request, conversation_or_404(public_id), refusal))


def as_it_is(request: HttpRequest, shown: dict[str, Any]) -> HttpResponse:
    """What changes while it is looked at; of an erased customer that is everything."""
    if not shown["is_erased"]:
        return render(request, "support/console/_live.html", {**shown, "beside": True})
    answer = render(request, "support/console/_conversation.html", {**shown, "is_just_erased": True})
    return reswap(retarget(answer, "#desk-main"), "innerHTML")


def _picked(request: HttpRequest, conversation: Conversation) -> Decision | None:
    """The decision that the agent looks at, unless that is the latest anyway."""
    pk = whole_number(request.GET.get("decision", "") or request.POST.get("decision", ""))
    found = thread.read_decision(pk) if pk is not None else None
    return found if found is not None and found.message.conversation_id == conversation.pk else None
