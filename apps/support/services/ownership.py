"""Whose turn it is: the bot's, the queue's or one agent's, changed by compare-and-set on `revision`."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.support import access
from apps.support.engine.decision import Reason
from apps.support.errors import SupportError
from apps.support.models import Conversation, HandOver, Message
from apps.support.selectors.policy import current_policy
from apps.support.services.conversations import lock_conversation, tell_agents, tell_both, tell_desk
from apps.support.services.summaries import latest_decided, latest_summary, name_intent

Owner = Conversation.Owner


class AlreadyTakenError(SupportError):
    code = "already_taken"

    def __init__(self, conversation: Conversation) -> None:
        if conversation.agent is None:
            sentence = _("This conversation has changed since the page was read. Look at it again.")
        else:
            sentence = _("%(name)s has this conversation.") % {"name": conversation.agent.get_username()}
        super().__init__(sentence)
        self.conversation = conversation


class NotOwnerError(SupportError):
    code = "not_owner"

    def __init__(self) -> None:
        super().__init__(_("This conversation is not yours. Take it first."))


class ResolvedError(SupportError):
    code = "resolved"

    def __init__(self) -> None:
        super().__init__(_("This conversation is resolved. Reopen it first."))


class TransferError(SupportError):
    code = "bad_transfer"


@transaction.atomic
def take_conversation(*, conversation: Conversation, user: User, revision: int, at: datetime) -> Conversation:
    """From the bot or the queue, as it was at `revision`; who has it already keeps it."""
    held = lock_conversation(conversation.pk)
    if held.agent_id == user.pk:
        return held
    if held.owner == Owner.AGENT or held.revision != revision:
        raise AlreadyTakenError(held)
    if held.status == Conversation.Status.RESOLVED:
        raise ResolvedError
    give_to_agent(held, user, at)
    tell_desk(held)
    return held


@transaction.atomic
def give_conversation(*, conversation: Conversation, to: User, revision: int, at: datetime) -> Conversation:
    """From the queue, as it was at `revision`, to somebody who has not asked for it."""
    held = lock_conversation(conversation.pk)
    if held.owner != Owner.QUEUE or held.revision != revision:
        raise AlreadyTakenError(held)
    if held.status == Conversation.Status.RESOLVED:
        raise ResolvedError
    give_to_agent(held, to, at, is_given=True)
    tell_desk(held, "given")
    return held


@transaction.atomic
def hand_to_queue(
    *,
    conversation: Conversation,
    message: Message,
    reason: str,
    intent: str,
    summary: dict[str, Any],
    at: datetime,
) -> HandOver | None:
    """From the bot; None if it is no longer the bot's, or `message` needs no answer of the bot any more."""
    held = lock_conversation(conversation.pk)
    if held.owner != Owner.BOT:
        return None
    if not Message.objects.filter(pk=message.pk, awaits_bot=True).exists():
        return None
    if intent:
        name_intent(held, intent)
    hand_over = give_to_queue(held, reason=reason, summary=summary, at=at)
    tell_desk(held)
    return hand_over


@transaction.atomic
def transfer_conversation(*, conversation: Conversation, actor: User, to: User, at: datetime) -> Conversation:
    if not access.may(to, access.MAY_WORK):
        raise TransferError(_("%(name)s does not answer customers.") % {"name": to.get_username()})
    held = lock_conversation(conversation.pk)
    require_owner_or_lead(held, actor)
    if held.agent_id != to.pk:
        is_given = actor.pk != to.pk
        # They may be away, or never look: then it is late, and somebody else's again.
        if is_given and held.status == Conversation.Status.OPEN:
            expect_response(held, at)
        give_to_agent(held, to, at, is_given=is_given)
        tell_desk(held, "given" if is_given else "conversation")
    return held


@transaction.atomic
def return_to_queue(*, conversation: Conversation, actor: User, at: datetime) -> HandOver:
    held = lock_conversation(conversation.pk)
    require_owner_or_lead(held, actor)
    returned_from = held.agent
    hand_over = pass_on(held, reason=Reason.RETURNED, at=at)
    hand_over.returned_from = returned_from
    hand_over.save(update_fields=["returned_from"])
    tell_desk(held)
    return hand_over


def require_owner(conversation: Conversation, user: User | None) -> None:
    if user is None or conversation.agent_id != user.pk:
        raise NotOwnerError


def require_owner_or_lead(conversation: Conversation, actor: User) -> None:
    if not access.may(actor, access.MAY_REASSIGN):
        require_owner(conversation, actor)


def give_to_agent(held: Conversation, user: User, at: datetime, *, is_given: bool = False) -> None:
    """`held` is locked by the caller, who tells the desk when done."""
    held.agent = user
    _change_owner(held, Owner.AGENT, is_given=is_given)
    begin_handling(held, user, at, is_given=is_given)


def begin_handling(held: Conversation, user: User, at: datetime, *, is_given: bool = False) -> None:
    """Somebody sees to it from now on: to what waited in the queue, to what nobody had handed over, or
    further to what somebody is at."""
    open_ones = held.hand_overs.filter(ended_at=None)
    waiting = open_ones.filter(taken_at=None)
    if waiting.update(taken_at=at, taken_by=user, is_given=is_given) or open_ones.exists():
        return
    HandOver.objects.create(
        conversation=held,
        reason=Reason.TAKEN,
        intent=held.intent,
        summary=latest_summary(held, latest_decided(held)),
        skill=held.skill,
        created_at=at,
        taken_at=at,
        taken_by=user,
        is_given=is_given,
    )


def pass_on(held: Conversation, *, reason: str, at: datetime) -> HandOver:
    """As `give_to_queue`, with what was understood of the conversation before."""
    decided = latest_decided(held)
    if decided is not None and not held.intent:
        name_intent(held, decided.intent)
    return give_to_queue(held, reason=reason, summary=latest_summary(held, decided), at=at)


def give_to_queue(held: Conversation, *, reason: str, summary: dict[str, Any], at: datetime) -> HandOver:
    """`held` is locked by the caller, who tells the desk when done."""
    held.agent = None
    end_handling(held, at)
    # Nobody's list has what sleeps in the queue.
    if held.status == Conversation.Status.SNOOZED:
        held.status, held.snoozed_until = Conversation.Status.OPEN, None
        tell_both(held, "status", {"status": held.status})
    # A resolved one waits for nobody until its customer writes again.
    if held.status != Conversation.Status.RESOLVED:
        expect_response(held, at)
    _change_owner(held, Owner.QUEUE)
    hand_over = HandOver.objects.create(
        conversation=held,
        reason=reason,
        intent=held.intent,
        summary=summary,
        skill=held.skill,
        created_at=at,
    )
    tell_agents(held, "hand_over", {"hand_over": hand_over.pk})
    return hand_over


def expect_response(held: Conversation, at: datetime) -> None:
    """People have to see to it by some time from now, unless they are waited for already."""
    if held.response_due_at is None:
        held.response_due_at = at + timedelta(minutes=current_policy().response_minutes)


def end_handling(held: Conversation, at: datetime) -> None:
    """Whoever took it over is done with it, or nobody has to take it over any more."""
    held.hand_overs.filter(ended_at=None).update(ended_at=at)


def _change_owner(held: Conversation, owner: str, *, is_given: bool = False) -> None:
    held.owner = owner
    held.revision += 1
    held.offline_at = None
    held.save()
    # Nothing waits for the bot where the bot is not the owner; people are told what it would make of that.
    held.messages.filter(awaits_bot=True).update(awaits_bot=False, awaits_suggestion=True)
    tell_both(held, "owner", {"owner": owner, "agent": held.agent_id, "is_given": is_given})
