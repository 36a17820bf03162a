"""Who works here: whether they have the desk open, what they may do, and how much they have."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from apps.accounts.models import User
from apps.streams.presence import names_here
from apps.support import access
from apps.support.models import Conversation
from apps.support.models.conversations import DESK

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
# Names in the presence of a stream: `agent:12:anna`, and the customer without a number.
AGENT, CUSTOMER = "agent", "customer"


@dataclass(frozen=True)
class Colleague:
    """Whom a conversation can be passed on to."""

    user: User
    is_here: bool
    has: int


def presence_name(user: User) -> str:
    return f"{AGENT}:{user.pk}:{display_name(user)}"


def agents_among(names: list[str]) -> dict[int, str]:
    """The agents of a presence: their names by their numbers."""
    parts = (name.split(":", 2) for name in names)
    return {int(part[1]): part[2] for part in parts if part[0] == AGENT and len(part) == 3}


def display_name(user: User) -> str:
    """What customers are told of an agent."""
    return user.first_name or user.get_username()


def those_who_may(permission: str, people: Collection[int]) -> frozenset[int]:
    """Of these people, by their numbers."""
    able = User.objects.with_perm(permission, backend=MODEL_BACKEND)
    return frozenset(able.filter(pk__in=people).values_list("pk", flat=True)) if people else frozenset()


def online_agents() -> QuerySet[User]:
    """Who has the desk open and may answer customers."""
    here = agents_among(names_here(DESK))
    workers = User.objects.with_perm(access.MAY_WORK, backend=MODEL_BACKEND)
    return workers.filter(pk__in=list(here)) if here else User.objects.none()


def held_by_agents() -> dict[int, int]:
    """How many open conversations each agent has, by their numbers; what is over is not read."""
    held = Conversation.objects.filter(status=Conversation.Status.OPEN, owner=Conversation.Owner.AGENT)
    return dict(held.order_by().values_list("agent").annotate(Count("pk")))


def is_anybody_online() -> bool:
    return online_agents().exists()


def colleagues(conversation: Conversation) -> list[Colleague]:
    """Who is here first, then who has least; without whoever has it."""
    here, held = agents_among(names_here(DESK)), held_by_agents()
    workers = User.objects.with_perm(access.MAY_WORK, backend=MODEL_BACKEND, include_superusers=False)
    others = workers.exclude(pk=conversation.agent_id or 0)
    found = [Colleague(user, user.pk in here, held.get(user.pk, 0)) for user in others]
    return sorted(found, key=lambda one: (not one.is_here, one.has, one.user.get_username()))
