"""Who has a stream open: a sorted set in Redis each, by the time at which a name expires.

A process that is killed, or a network that breaks, tells nobody: names that are not said again expire.
"""

import hashlib
from functools import lru_cache

from django.conf import settings
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

EXPIRES_SECONDS = 3.0
KEPT_SECONDS = 60
BATCH = 100
# The clock is Redis's alone: those of two hosts differ by more than a name lives.
NOW = """
local time = redis.call("TIME")
local now = time[1] + time[2] / 1e6
"""
HERE = f"""{NOW}
return redis.call("ZRANGEBYSCORE", KEYS[1], now, "+inf")
"""
# One command for many streams: each KEY's names that are here follow their count in ARGV.
PROLONG = f"""{NOW}
local expires, kept, place = now + ARGV[1], ARGV[2], 3
local everybody = {{}}
for number, key in ipairs(KEYS) do
  local count = tonumber(ARGV[place])
  redis.call("ZREMRANGEBYSCORE", key, "-inf", now)
  for name = place + 1, place + count do
    redis.call("ZADD", key, expires, ARGV[name])
  end
  redis.call("EXPIRE", key, kept)
  everybody[number] = redis.call("ZRANGE", key, 0, -1)
  place = place + count + 1
end
return everybody
"""


def key_of(stream: str) -> str:
    return f"berth-presence:{hashlib.sha256(stream.encode()).hexdigest()[:32]}"


@lru_cache(maxsize=1)
def _redis() -> "Redis":
    return Redis.from_url(settings.REDIS_URL)


def names_here(stream: str) -> list[str]:
    """For services and tasks."""
    names: list[bytes] = _redis().register_script(HERE)([key_of(stream)])
    return [name.decode() for name in names]


async def say_here(redis: "AsyncRedis", here: dict[str, set[str]]) -> dict[str, list[str]]:
    """Prolong the names of this process in each stream; returns everybody's."""
    everybody: dict[str, list[str]] = {}
    streams = list(here)
    prolong = redis.register_script(PROLONG)
    for start in range(0, len(streams), BATCH):
        batch = streams[start : start + BATCH]
        arguments: list[str | float] = [EXPIRES_SECONDS, KEPT_SECONDS]
        for stream in batch:
            arguments += [len(here[stream]), *here[stream]]
        answers: list[list[bytes]] = await prolong([key_of(stream) for stream in batch], arguments)
        for stream, names in zip(batch, answers, strict=True):
            everybody[stream] = sorted(name.decode() for name in names)
    return everybody
