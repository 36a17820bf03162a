import json
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.streams.models import Event
from apps.streams.services.notifications import tell_listeners

# One statement, for it is what a message costs most often: the next number, the event, its outbox row.
# A stream begins with its first event; of two first ones at once the second waits and takes the next number.
APPEND = """
WITH numbered AS (
    INSERT INTO streams_stream (name, last_seq, pruned_seq, created_at) VALUES (%(stream)s, 1, 0, %(at)s)
    ON CONFLICT (name) DO UPDATE SET last_seq = streams_stream.last_seq + 1
    RETURNING id, last_seq
), event AS (
    INSERT INTO streams_event (stream_id, seq, kind, payload, created_at)
    SELECT id, last_seq, %(kind)s, %(payload)s, %(at)s FROM numbered
    RETURNING id, stream_id, seq
), outbox AS (
    INSERT INTO streams_outbox (event_id, created_at) SELECT id, %(at)s FROM event RETURNING id
)
SELECT outbox.id, event.id, event.stream_id, event.seq FROM event, outbox
"""


class EventError(ValueError):
    """A stream or an event that could never be read; str() says what to change."""


# Part of the caller's transaction, whole or not at all; a savepoint would be two queries more an event.
@transaction.atomic(savepoint=False)
def append_event(*, stream: str, kind: str, payload: dict[str, Any]) -> Event:
    """Write one event with the next `seq` of its stream.

    The stream's row stays locked until the caller's transaction ends, so `seq` follows the order of commits
    and has no gaps: whoever saw 7 and then sees 9 has missed one.
    """
    if ":" not in stream:
        raise EventError(f"The stream {stream!r} has no prefix; name it like `run:12`.")
    event, outbox_id = _append(stream, kind, payload)
    transaction.on_commit(partial(tell_listeners, outbox_id=outbox_id, stream=stream, seq=event.seq))
    return event


def _append(stream: str, kind: str, payload: dict[str, Any]) -> tuple[Event, int]:
    """The event and the number of its outbox row."""
    at = timezone.now()
    values: dict[str, str | datetime] = {
        "stream": stream,
        "kind": kind,
        "payload": json.dumps(payload),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(APPEND, values)
        outbox_id, pk, stream_id, seq = cursor.fetchone()
    row = {
        "id": pk,
        "stream_id": stream_id,
        "seq": seq,
        "kind": kind,
        "payload": payload,
        "created_at": at,
    }
    return Event.from_db(connection.alias, row.keys(), row.values()), outbox_id
