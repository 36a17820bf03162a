"""Whom a conversation can be passed on to: whether they are here, and how much they have."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from apps.accounts.models import User
from apps.streams.presence import names_here
from apps.support import access
from apps.support.models import Conversation
from apps.support.models.conversations import DESK
from apps.support.selectors.agents import MODEL_BACKEND, agents_among, held_by_agents


@dataclass(frozen=True)
class Colleague:
    user: User
    is_here: bool
    has: int


def colleagues(conversation: Conversation) -> list[Colleague]:
    """Who is here first, then who has least; without whoever has it."""
    here, held = agents_among(names_here(DESK)), held_by_agents()
    workers = (
        get_user_model()
        .objects.with_perm(access.MAY_WORK, backend=MODEL_BACKEND, include_superusers=False)
        .exclude(pk=conversation.agent_id or 0)
    )
    found = [Colleague(user, user.pk in here, held.get(user.pk, 0)) for user in workers]
    return sorted(found, key=lambda one: (not one.is_here, one.has, one.user.get_username()))
