"""Open, snoozed, resolved; and what the customer says of it in the end."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.support.engine.decision import Reason
from apps.support.errors import SupportError
from apps.support.models import Conversation, Decision, Message
from apps.support.selectors.conversations import REOPENS_WITHIN
from apps.support.services.conversations import (
    lock_conversation,
    require_customer,
    require_shown,
    tell_agents,
    tell_both,
    tell_desk,
)
from apps.support.services.ownership import (
    NotOwnerError,
    ResolvedError,
    begin_handling,
    end_handling,
    expect_response,
    give_to_agent,
    pass_on,
    require_owner,
)
from apps.support.texts import is_storable
from modelcore.privacy import mask

Owner = Conversation.Owner
Status = Conversation.Status
LONGEST_COMMENT = 2_000
# An agent's slip, of which the customer has made nothing yet, says nothing of what they had resolved.
UNDONE_WITHIN = timedelta(minutes=5)


class StatusError(SupportError):
    code = "bad_status"


class RatingError(SupportError):
    code = "bad_rating"


@transaction.atomic
def resolve_conversation(
    *, conversation: Conversation, actor: User | None, resolution: str, at: datetime
) -> Conversation:
    """By the agent who has it, or who takes it from the queue with this; without an actor by itself."""
    if resolution not in Conversation.Resolution.values:
        raise StatusError(_("“%(resolution)s” is not a way to resolve.") % {"resolution": resolution})
    held = lock_conversation(conversation.pk)
    if held.status == Status.RESOLVED:
        return held
    if actor is not None and held.agent_id != actor.pk:
        if held.owner == Owner.AGENT:
            raise NotOwnerError
        give_to_agent(held, actor, at)
    resolve(held, resolution, at)
    tell_desk(held)
    return held


def resolve(held: Conversation, resolution: str, at: datetime) -> None:
    held.resolution = resolution
    held.resolved_at = at
    held.resolved_by = held.owner
    held.response_due_at = held.breached_at = None
    end_handling(held, at)
    waiting = held.messages.filter(Q(awaits_bot=True) | Q(awaits_suggestion=True))
    waiting.update(awaits_bot=False, awaits_suggestion=False)
    _change_status(held, Status.RESOLVED)


@transaction.atomic
def snooze_conversation(
    *, conversation: Conversation, actor: User, until: datetime, at: datetime
) -> Conversation:
    if until <= at:
        raise StatusError(_("Choose a time in the future."))
    held = lock_conversation(conversation.pk)
    require_owner(held, actor)
    if held.status == Status.RESOLVED:
        raise ResolvedError
    held.snoozed_until = until
    _change_status(held, Status.SNOOZED)
    tell_desk(held)
    return held


@transaction.atomic
def reopen_conversation(*, conversation: Conversation, actor: User, at: datetime) -> Conversation:
    """By an agent, who has it from then on and is waited for; ends a snooze as well. Who undoes what they
    have just resolved goes on as if it had not been.

    Raises:
        ShownElsewhereError: the customer has begun another one since, and would not see what is written.
    """
    held = lock_conversation(conversation.pk)
    if held.status == Status.OPEN:
        return held
    require_customer(held)
    require_shown(held)
    if held.agent_id != actor.pk:
        if held.owner == Owner.AGENT and held.status == Status.SNOOZED:
            raise NotOwnerError
        give_to_agent(held, actor, at)
    elif held.resolved_at is not None and at - held.resolved_at <= UNDONE_WITHIN:
        held.hand_overs.filter(taken_by=actor, ended_at=held.resolved_at).update(ended_at=None)
        held.resolved_at = None
    begin_handling(held, actor, at)
    expect_response(held, at)
    open_again(held, at)
    tell_desk(held)
    return held


@transaction.atomic
def wake_snoozed(*, conversation: Conversation, at: datetime) -> bool:
    """When its time has come; False if somebody was faster. Whoever put it off may have left since: it is
    late with them, and then somebody else's, as what is handed over."""
    held = lock_conversation(conversation.pk)
    if held.status != Status.SNOOZED or held.snoozed_until is None or held.snoozed_until > at:
        return False
    expect_response(held, at)
    open_again(held, at)
    tell_desk(held)
    return True


def wake_for_customer(held: Conversation, at: datetime) -> None:
    """The customer writes. Whoever resolved it may have gone home since: the queue gets it."""
    was_resolved = held.status == Status.RESOLVED
    if held.status == Status.OPEN:
        return
    open_again(held, at)
    if was_resolved and held.owner != Owner.BOT:
        pass_on(held, reason=Reason.REOPENED, at=at)


def open_again(held: Conversation, at: datetime) -> None:
    """What was resolved counts as reopened when that happens within the time that reports look at, unless the
    customer had said yes to it: then they come with something new."""
    resolved_at = held.resolved_at if held.confirmed_at is None else None
    if resolved_at is not None and at - resolved_at <= REOPENS_WITHIN:
        held.reopened_at, held.reopened_from = at, held.resolved_by
    held.resolved_at = held.confirmed_at = None
    held.snoozed_until = None
    _change_status(held, Status.OPEN)


@transaction.atomic
def confirm_resolution(*, conversation: Conversation, is_solved: bool, at: datetime) -> Conversation:
    """The customer's own word. After a "no" to what was resolved, or to the bot, people go on."""
    held = lock_conversation(conversation.pk)
    require_customer(held)
    if is_solved:
        if held.status != Status.RESOLVED:
            resolve(held, Conversation.Resolution.ANSWERED, at)
        if held.confirmed_at is None:
            held.confirmed_at = at
            held.save()
            tell_both(held, "confirmed", {})
    else:
        was_resolved = held.status == Status.RESOLVED
        if held.status != Status.OPEN:
            held.confirmed_at = None
            open_again(held, at)
        if was_resolved or held.owner == Owner.BOT:
            _deny_answer(held, at)
            pass_on(held, reason=Reason.NOT_SOLVED, at=at)
    tell_desk(held)
    return held


def _deny_answer(held: Conversation, at: datetime) -> None:
    """The answer that the customer says no to, where it was the bot's that came last."""
    last = held.messages.exclude(author=Message.Author.CUSTOMER).order_by("-seq").first()
    if last is not None and last.author == Message.Author.BOT and last.answers_seq is not None:
        answered = Decision.objects.filter(message__conversation=held, message__seq=last.answers_seq)
        answered.filter(action=Decision.Action.ANSWER).update(denied_at=at)


@transaction.atomic
def rate_conversation(*, conversation: Conversation, rating: int, comment: str) -> Conversation:
    if not 1 <= rating <= 5:
        raise RatingError(_("A rating is a whole number from 1 to 5."))
    if len(comment) > LONGEST_COMMENT or not is_storable(comment):
        raise RatingError(_("A comment has at most %(longest)d characters.") % {"longest": LONGEST_COMMENT})
    held = lock_conversation(conversation.pk)
    require_customer(held)
    held.rating = rating
    held.rating_comment = mask(comment).text
    held.save()
    tell_both(held, "rated", {"rating": rating})
    tell_agents(held, "rated", {"rating": rating})
    tell_desk(held)
    return held


def _change_status(held: Conversation, status: str) -> None:
    held.status = status
    held.save()
    tell_both(held, "status", {"status": status})
