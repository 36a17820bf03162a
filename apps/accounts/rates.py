"""How often somebody may ask: counted in Redis, so that every process and host counts the same."""

import math
import time
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from limits import RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from apps.accounts.models import ApiKey


@dataclass(frozen=True)
class Allowance:
    is_allowed: bool
    remaining: int
    retry_after_seconds: int


@lru_cache(maxsize=1)
def limiter() -> MovingWindowRateLimiter:
    # Its acquire is one script inside Redis: of 100 simultaneous requests exactly the allowed ones pass.
    return MovingWindowRateLimiter(RedisStorage(settings.RATE_STORAGE_URL, key_prefix="berth-rates"))


def are_countable() -> bool:
    """Whether Redis answers."""
    return bool(limiter().storage.check())


def consume(scope: str, per_minute: int) -> Allowance:
    """Count one request of `scope` (`key:12`, `ip:…`) against its moving minute."""
    rate = RateLimitItemPerMinute(per_minute)
    is_allowed = limiter().hit(rate, scope)
    window = limiter().get_window_stats(rate, scope)
    wait = 0 if is_allowed else max(1, math.ceil(window.reset_time - time.time()))
    return Allowance(is_allowed=is_allowed, remaining=window.remaining, retry_after_seconds=wait)


def wait_of(scope: str, per_minute: int) -> int:
    """Count one request; 0 if it may pass, else the seconds to wait. Quicker than `consume`."""
    rate = RateLimitItemPerMinute(per_minute)
    if limiter().hit(rate, scope):
        return 0
    return max(1, math.ceil(limiter().get_window_stats(rate, scope).reset_time - time.time()))


def consume_key(key: ApiKey) -> Allowance:
    return consume(f"key:{key.pk}", key.rate_per_minute)
