"""Telling sockets that there is more. A lost message loses nothing: the outbox row stays and is relayed."""

import hashlib
import logging
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.db.models import Max
from redis.exceptions import RedisError

from apps.streams.messages import AccessChangedMessage, GrewMessage
from apps.streams.models import Outbox

logger = logging.getLogger(__name__)

# Younger rows belong to a commit whose own notification is probably on its way.
RELAY_AFTER = timedelta(seconds=1)
RELAY_BATCH = 500
# Every open socket hears of changed rights.
ACCESS_GROUP = "streams.access"


def group_name(stream: str) -> str:
    """Channel groups allow fewer characters than stream names."""
    return f"stream.{hashlib.sha256(stream.encode()).hexdigest()[:32]}"


def send_grew(*, stream: str, seq: int) -> None:
    message: GrewMessage = {"type": "stream.grew", "seq": seq}
    async_to_sync(get_channel_layer().group_send)(group_name(stream), message)


def tell_listeners(*, outbox_id: int, stream: str, seq: int) -> None:
    try:
        send_grew(stream=stream, seq=seq)
    except (RedisError, OSError):
        logger.warning("Could not tell listeners about event %s of a stream; the relay will.", seq)
        return
    Outbox.objects.filter(pk=outbox_id).delete()


def tell_access_changed(*, reader: str | None) -> None:
    """Sockets of `reader` (see access.name_of), or all of them, ask for their rights anew."""
    message: AccessChangedMessage = {"type": "access.changed", "reader": reader}
    try:
        async_to_sync(get_channel_layer().group_send)(ACCESS_GROUP, message)
    except (RedisError, OSError):
        logger.warning("Could not tell sockets of changed rights; they ask by themselves every few seconds.")


@transaction.atomic
def relay_outbox(*, now: datetime) -> int:
    """Tell listeners about what a lost notification left behind; how many rows that were.

    Locked rows are another relay's. A crash after sending repeats a notification, which changes nothing.
    """
    rows = list(
        Outbox.objects.select_for_update(skip_locked=True)
        .filter(created_at__lte=now - RELAY_AFTER)
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
