"""What happens because time has passed, or because nobody is there."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from apps.streams.sweeps import sweep
from apps.support.engine.decision import Reason
from apps.support.models import Conversation, Decision, Message
from apps.support.selectors.agents import is_anybody_online, online_agents
from apps.support.services.conversations import lock_conversation, tell_agents, tell_both, tell_desk
from apps.support.services.ownership import pass_on
from apps.support.services.status import resolve, wake_snoozed

Owner = Conversation.Owner
Status = Conversation.Status
Resolution = Conversation.Resolution
AT_ONCE = 200
# A customer who says nothing more to the bot's answer has got it: assumed, not confirmed. Who was only
# greeted, or was asked back at last, got none.
SILENT_AFTER = timedelta(hours=24)
WAITS_FOR_PEOPLE = Q(status=Status.OPEN, response_due_at__isnull=False) & ~Q(owner=Owner.BOT)


def tell_nobody_is_there(*, at: datetime) -> int:
    """Customers who wait for a person get the form, once, while no agent is online."""
    if is_anybody_online():
        told = Conversation.objects.filter(status=Status.OPEN, offline_at__isnull=False)
        told.update(offline_at=None)
        return 0
    return _each(Conversation.objects.filter(WAITS_FOR_PEOPLE, offline_at=None), _tell_offline, at)


def announce_breaches(*, at: datetime) -> int:
    """Answers that are late are said once to the desk."""
    late = Conversation.objects.filter(WAITS_FOR_PEOPLE, response_due_at__lt=at, breached_at=None)
    return _each(late, _announce_breach, at)


def return_abandoned(*, at: datetime) -> int:
    """What is late with an agent who has left goes to somebody else."""
    late = Conversation.objects.filter(
        WAITS_FOR_PEOPLE, owner=Owner.AGENT, breached_at__isnull=False
    ).exclude(agent__in=online_agents())
    return _each(late, _return_abandoned, at)


def wake_due(*, at: datetime) -> int:
    due = Conversation.objects.filter(status=Status.SNOOZED, snoozed_until__lte=at)
    return sweep(due[:AT_ONCE], lambda conversation: wake_snoozed(conversation=conversation, at=at))


def resolve_silent(*, at: datetime) -> int:
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-seq")
    silent = Conversation.objects.alias(last_author=Subquery(newest.values("author")[:1])).filter(
        owner=Owner.BOT,
        status=Status.OPEN,
        last_message_at__lt=at - SILENT_AFTER,
        last_author=Message.Author.BOT,
    )
    return _each(silent, _resolve_silent, at)


def _each(
    conversations: QuerySet[Conversation], change: Callable[[Conversation, datetime], bool], at: datetime
) -> int:
    """A transaction each, so that one that is busy holds up no other."""

    def change_one(pk: int) -> bool:
        with transaction.atomic():
            return change(lock_conversation(pk), at)

    return sweep(conversations.order_by("pk").values_list("pk", flat=True)[:AT_ONCE], change_one)


def _tell_offline(held: Conversation, at: datetime) -> bool:
    if held.offline_at is not None or not _still_waits(held):
        return False
    held.offline_at = at
    held.save()
    tell_both(held, "offline", {})
    return True


def _announce_breach(held: Conversation, at: datetime) -> bool:
    if held.breached_at is not None or not _still_waits(held):
        return False
    held.breached_at = at
    held.save()
    tell_agents(held, "breach", {})
    tell_desk(held, "breach")
    return True


def _return_abandoned(held: Conversation, at: datetime) -> bool:
    if held.owner != Owner.AGENT or held.breached_at is None or not _still_waits(held):
        return False
    pass_on(held, reason=Reason.AGENT_AWAY, at=at)
    tell_desk(held)
    return True


def _resolve_silent(held: Conversation, at: datetime) -> bool:
    last = held.messages.order_by("-seq").first()
    is_silent = held.last_message_at is not None and held.last_message_at < at - SILENT_AFTER
    if held.owner != Owner.BOT or held.status != Status.OPEN or not is_silent:
        return False
    if last is None or last.author != Message.Author.BOT:
        return False
    decided = Decision.objects.filter(message__conversation=held)
    latest = decided.exclude(action=Decision.Action.SMALL_TALK).order_by("message__seq").last()
    is_answered = latest is not None and latest.action == Decision.Action.ANSWER
    resolve(held, Resolution.ANSWERED if is_answered else Resolution.NO_ANSWER_NEEDED, at)
    tell_desk(held)
    return True


def _still_waits(held: Conversation) -> bool:
    return held.status == Status.OPEN and held.owner != Owner.BOT and held.response_due_at is not None
