"""How often somebody may ask: counted in Redis, so that every process and host counts the same."""

import math
import time
from functools import lru_cache

from django.conf import settings
from limits import RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter


@lru_cache(maxsize=1)
def limiter() -> MovingWindowRateLimiter:
    # Its acquire is one script inside Redis: of 100 simultaneous requests exactly the allowed ones pass.
    return MovingWindowRateLimiter(RedisStorage(settings.RATE_STORAGE_URL, key_prefix="berth-rates"))


def are_countable() -> bool:
    """Whether Redis answers."""
    return bool(limiter().storage.check())


def wait_of(scope: str, per_minute: int) -> int:
    """Count one request of `scope` (`key:12`, `ip:…`) in its moving minute.

    Returns:
        0 if it may pass, else the seconds to wait.
    """
    rate = RateLimitItemPerMinute(per_minute)
    if limiter().hit(rate, scope):
        return 0
    return max(1, math.ceil(limiter().get_window_stats(rate, scope).reset_time - time.time()))
