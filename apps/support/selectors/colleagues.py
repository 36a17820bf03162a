"""Whom a conversation can be passed on to: whether they are here, and how much they have."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Count, Q

from apps.accounts.models import User
from apps.streams.presence import names_here
from apps.support import access
from apps.support.models import Conversation
from apps.support.models.conversations import DESK
from apps.support.selectors.agents import MODEL_BACKEND, agents_among

OFFERED = 9  # each has a digit as its key


@dataclass(frozen=True)
class Colleague:
    user: User
    is_here: bool
    has: int


def colleagues(conversation: Conversation) -> list[Colleague]:
    """Who is here first, then who has least; without whoever has it."""
    here = agents_among(names_here(DESK))
    is_open = Q(conversations__status=Conversation.Status.OPEN)
    workers = (
        get_user_model()
        .objects.with_perm(access.MAY_WORK, backend=MODEL_BACKEND, include_superusers=False)
        .exclude(pk=conversation.agent_id or 0)
        .annotate(has=Count("conversations", filter=is_open, distinct=True))
    )
    found = [Colleague(user, user.pk in here, user.has) for user in workers]
    return sorted(found, key=lambda one: (not one.is_here, one.has, one.user.get_username()))[:OFFERED]
