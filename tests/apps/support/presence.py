"""Being there without a socket."""

import asyncio

from django.conf import settings
from redis.asyncio import Redis

from apps.accounts.models import User
from apps.streams.presence import key_of, say_here
from apps.support.models.conversations import DESK
from apps.support.selectors.agents import presence_name


def come_online(*agents: User) -> None:
    """At the desk, for as long as an open socket counts that says nothing more."""
    asyncio.run(_say({presence_name(agent) for agent in agents}))


def leave_desk() -> None:
    asyncio.run(_forget())


async def _say(names: set[str]) -> None:
    async with Redis.from_url(settings.REDIS_URL) as redis:
        await say_here(redis, {DESK: names})


async def _forget() -> None:
    async with Redis.from_url(settings.REDIS_URL) as redis:
        await redis.delete(key_of(DESK))
