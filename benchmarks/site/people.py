"""Agents who are signed in, and conversations that they have taken."""

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # models are there once Django is set up
    from apps.accounts.models import User

AGENTS = 20


@dataclass(frozen=True)
class Talk:
    """A conversation to be: its visitor's token, and the cookie of the agent who has taken it."""

    number: int
    pk: int
    stream: str
    token: str
    cookie: str


def make_agents(*names: str) -> "tuple[User, ...]":
    from django.contrib.auth.models import Group

    from apps.accounts.models import User

    agents = tuple(User.objects.create_user(name) for name in names)
    for agent in agents:
        agent.groups.add(Group.objects.get(name="agent"))
    return agents


def sign_in(user: "User") -> str:
    """The cookie of a session of theirs."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def start_talks(count: int) -> list[Talk]:
    """Visitors whose conversation an agent has taken: what follows is talk alone."""
    from django.utils import timezone

    from apps.support.services.conversations import start_conversation
    from apps.support.services.ownership import take_conversation
    from apps.support.services.sessions import open_session

    agents = make_agents(*(f"agent-{number}" for number in range(AGENTS)))
    signed_in = cycle([(agent, sign_in(agent)) for agent in agents])
    talks = []
    for number, (agent, cookie) in zip(range(count), signed_in, strict=False):
        at = timezone.now()
        session = open_session(at=at)
        conversation = start_conversation(visitor=session.visitor, at=at)
        take_conversation(conversation=conversation, user=agent, revision=0, at=at)
        talks.append(Talk(number, conversation.pk, conversation.stream, session.token, cookie))
    return talks
