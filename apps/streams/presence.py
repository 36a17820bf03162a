"""Who has a stream open: a sorted set in Redis each, by the time at which a name expires.

A process that is killed, or a network that breaks, tells nobody: names that are not said again expire.
"""

import hashlib
import time
from functools import lru_cache

from django.conf import settings
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

EXPIRES_SECONDS = 3.0
BATCH = 100


def key_of(stream: str) -> str:
    return f"berth-presence:{hashlib.sha256(stream.encode()).hexdigest()[:32]}"


@lru_cache(maxsize=1)
def _redis() -> "Redis":
    return Redis.from_url(settings.REDIS_URL)


def names_here(stream: str) -> list[str]:
    """For services and tasks."""
    names: list[bytes] = _redis().zrangebyscore(key_of(stream), time.time(), "+inf")  # type: ignore[assignment]  # redis types both kinds of client as one
    return [name.decode() for name in names]


async def say_here(redis: "AsyncRedis", here: dict[str, set[str]]) -> dict[str, list[str]]:
    """Prolong the names of this process in each stream; returns everybody's."""
    everybody: dict[str, list[str]] = {}
    streams = list(here)
    for start in range(0, len(streams), BATCH):
        batch = streams[start : start + BATCH]
        now = time.time()
        async with redis.pipeline(transaction=False) as pipe:
            for stream in batch:
                key = key_of(stream)
                pipe.zadd(key, dict.fromkeys(here[stream], now + EXPIRES_SECONDS))
                pipe.zremrangebyscore(key, "-inf", now)
                pipe.expire(key, 60)
                pipe.zrange(key, 0, -1)
            answers = await pipe.execute()
        for stream, names in zip(batch, answers[3::4], strict=True):
            everybody[stream] = sorted(name.decode() for name in names)
    return everybody
