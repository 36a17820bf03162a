import time

import pytest
from django.conf import settings
from redis.asyncio import Redis

from apps.streams.presence import names_here, say_here


async def test_who_is_there_is_told_by_one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Redis.from_url(settings.REDIS_URL) as redis:
        await say_here(redis, {"test-presence:clocks": {"agent"}})
    ahead = time.time() + 60  # of a host whose clock is wrong

    monkeypatch.setattr(time, "time", lambda: ahead)

    assert names_here("test-presence:clocks") == ["agent"]
