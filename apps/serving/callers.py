"""Who asks, which families they may use, and how often."""

import asyncio
import ipaddress
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from django import db
from django.conf import settings
from redis.exceptions import RedisError

from apps.accounts import rates
from apps.accounts.models import ApiKey
from apps.accounts.networks import network_of
from apps.accounts.services.keys import KEY_START, authenticate_key, was_issued
from apps.serving.errors import Fault, ServingError

logger = logging.getLogger(__name__)

# A key that is revoked goes on working this long; in return most requests need no database.
KEY_KEPT_SECONDS = 5.0
KEYS_KEPT = 4096
ANONYMOUS_PER_MINUTE = 60_000
WRONG_KEYS_PER_MINUTE = 60
STORES_AWAY_SECONDS = 5.0
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@dataclass(frozen=True)
class Caller:
    """`key` is None for a program on this machine that shows none, where the settings allow that."""

    scope: str
    per_minute: int
    key: ApiKey | None

    def may_use(self, family: str) -> bool:
        return self.key is None or self.key.allows_family(family)

    def check(self, family: str) -> None:
        """
        Raises:
            ServingError: the key is for other families.
        """
        if not self.may_use(family):
            sentence = f"This key is not for {family}. Ask a model owner for one that is."
            raise ServingError(Fault.FORBIDDEN, sentence, param="model")


_known: dict[str, tuple[ApiKey, float]] = {}
_refused_until: dict[str, float] = {}


async def authenticate(headers: Mapping[str, str], peer: str) -> Caller:
    """
    Args:
        headers: names in lower case; `authorization` holds "Bearer KEY".
        peer: the address that the connection came from.

    Raises:
        ServingError: no key where one is needed, or a wrong one.
    """
    raw = _shown_key(headers.get("authorization", ""))
    # Clients that insist on some key send a made-up one: that is no attempt to be somebody.
    if not raw.startswith(KEY_START):
        if settings.SERVING_ANONYMOUS and _is_this_machine(headers, peer):
            return Caller(f"anonymous:{peer}", ANONYMOUS_PER_MINUTE, None)
        raise _unauthenticated("Send a key in the header `Authorization: Bearer KEY`.")
    kept = _known.get(raw)
    if kept is None or kept[1] < time.monotonic():
        key = await asyncio.to_thread(_looked_up, raw, peer)
        if len(_known) >= KEYS_KEPT:
            _known.clear()
        kept = _known[raw] = (key, time.monotonic() + KEY_KEPT_SECONDS)
    key = kept[0]
    return Caller(f"key:{key.pk}", key.rate_per_minute, key)


@asynccontextmanager
async def spending(caller: Caller) -> AsyncIterator[None]:
    """Counts one request in Redis while its answer is computed: neither has to wait for the other.

    The first request over the rate is computed for nothing, the next ones are refused before that.

    Raises:
        ServingError: over the rate; on entering or on leaving.
    """
    left = _refused_until.get(caller.scope, 0.0) - time.monotonic()
    if left > 0:
        raise _over_quota(caller, left)
    counting = asyncio.ensure_future(asyncio.to_thread(_wait_of, caller))
    try:
        yield
    finally:
        wait = await counting
    if wait:
        raise _over_quota(caller, wait)


def _over_quota(caller: Caller, wait_seconds: float) -> ServingError:
    sentence = f"More than {caller.per_minute} requests a minute. Wait before the next one."
    return ServingError(Fault.OVER_QUOTA, sentence, retry_after_seconds=wait_seconds)


def _looked_up(raw: str, peer: str) -> ApiKey:
    try:
        with _needing_stores():
            key = authenticate_key(raw)
            is_guess = key is None and not was_issued(raw)
    finally:
        # No request cycle of Django's ends in this thread, so nothing else would.
        db.close_old_connections()
    if key is not None:
        return key
    if not is_guess:
        # For good, however often it is shown: a client that is told to wait would come again for ever.
        raise _unauthenticated("This key is expired or revoked.")
    if wait := _counted(f"wrong-key:{network_of(peer)}", WRONG_KEYS_PER_MINUTE):
        raise ServingError(Fault.OVER_QUOTA, "Too many wrong keys.", retry_after_seconds=wait)
    raise _unauthenticated("This key is wrong.")


def _wait_of(caller: Caller) -> float:
    """Counts one request; 0 if it may pass. Remembers it also for a caller whose request fails otherwise."""
    wait = _counted(caller.scope, caller.per_minute)
    if wait:
        _refused_until[caller.scope] = time.monotonic() + wait
    return wait


def _counted(scope: str, per_minute: int) -> float:
    with _needing_stores():
        return float(rates.wait_of(scope, per_minute))


@contextmanager
def _needing_stores() -> Iterator[None]:
    """PostgreSQL or Redis that is away for a moment is no failure of the request: it may come again."""
    try:
        yield
    except (db.OperationalError, db.InterfaceError, RedisError) as error:
        logger.warning("keys and rates can't be looked up: %s", error)
        sentence = "Keys can't be looked up at the moment. Try again in some seconds."
        raise ServingError(Fault.NOT_READY, sentence, retry_after_seconds=STORES_AWAY_SECONDS) from error


def _shown_key(header: str) -> str:
    scheme, _, value = header.partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def _unauthenticated(sentence: str) -> ServingError:
    return ServingError(Fault.UNAUTHENTICATED, sentence)


def _is_this_machine(headers: Mapping[str, str], peer: str) -> bool:
    # A proxy on this machine makes everybody look local; it says so in one of these.
    if any(name in headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
