"""Telling sockets that there is more. A lost message loses nothing: the outbox row stays and is relayed."""

import hashlib
import logging
import time
from datetime import datetime, timedelta
from functools import lru_cache

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

from apps.streams.messages import AccessChangedMessage, GrewMessage
from apps.streams.models import Outbox

logger = logging.getLogger(__name__)

# Younger rows belong to a commit whose own notification is probably on its way.
RELAY_AFTER = timedelta(seconds=1)
RELAY_BATCH = 500
# A Redis that hangs, and how long nobody else waits for one that did: the relay tells what was not told.
PATIENCE_SECONDS = 1.0
SILENT_SECONDS = 1.0
# Every open socket hears of changed rights.
ACCESS_GROUP = "streams.access"

_silent_until = 0.0


def group_name(stream: str) -> str:
    """Channel groups allow fewer characters than stream names."""
    return f"stream.{hashlib.sha256(stream.encode()).hexdigest()[:32]}"


@lru_cache(maxsize=1)
def _redis() -> Redis:
    # Once more for a connection that has died since, and not for a Redis that hangs: somebody waits for this.
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
    )


def publish(group: str, message: GrewMessage | AccessChangedMessage) -> None:
    """As the layer's `group_send`, which takes an event loop and a connection for each call from a thread."""
    prefix = settings.CHANNEL_LAYERS["default"]["CONFIG"]["prefix"]
    _redis().publish(f"{prefix}__group__{group}", get_channel_layer().serialize(message))


def send_grew(*, stream: str, seq: int) -> None:
    message: GrewMessage = {"type": "stream.grew", "stream": stream, "seq": seq}
    publish(group_name(stream), message)


def tell_listeners(*, outbox_id: int, stream: str, seq: int) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        send_grew(stream=stream, seq=seq)
    except (RedisError, OSError):
        _silent_until = time.monotonic() + SILENT_SECONDS
        logger.warning("Could not tell listeners about event %s of a stream; the relay will.", seq)
        return
    # Nothing hangs on the row, so nothing has to be looked for first.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM streams_outbox WHERE id = %s", [outbox_id])


def tell_access_changed(*, reader: str | None) -> None:
    """Sockets of `reader` (see access.name_of), or all of them, ask for their rights anew."""
    message: AccessChangedMessage = {"type": "access.changed", "reader": reader}
    try:
        publish(ACCESS_GROUP, message)
    except (RedisError, OSError):
        logger.warning("Could not tell sockets of changed rights; they ask by themselves every few seconds.")


@transaction.atomic
def relay_outbox(*, at: datetime) -> int:
    """Tell listeners about what a lost notification left behind; how many rows that were.

    Locked rows are another relay's. A crash after sending repeats a notification, which changes nothing.
    """
    rows = list(
        Outbox.objects.select_for_update(skip_locked=True)
        .filter(created_at__lte=at - RELAY_AFTER)
        .order_by("created_at")
        .values_list("pk", flat=True)[:RELAY_BATCH]
    )
    latest = (
        Outbox.objects.filter(pk__in=rows)
        .values("event__stream__name")
        .annotate(seq=Max("event__seq"))
        .order_by("event__stream__name")
    )
    for entry in latest:
        send_grew(stream=entry["event__stream__name"], seq=entry["seq"])
    Outbox.objects.filter(pk__in=rows).delete()
    return len(rows)
