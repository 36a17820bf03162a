from typing import Any

from django.db import transaction

from apps.streams.models import Event, Outbox, Stream
from apps.streams.services.notifications import tell_listeners


class EventError(ValueError):
    """A stream or an event that could never be read; str() says what to change."""


# Part of the caller's transaction, whole or not at all; a savepoint would be two queries more an event.
@transaction.atomic(savepoint=False)
def append_event(*, stream: str, kind: str, payload: dict[str, Any], client_id: str | None = None) -> Event:
    """Write one event with the next `seq` of its stream; a retry with the same `client_id` gets it back.

    The stream's row stays locked until the caller's transaction ends, so `seq` follows the order of commits
    and has no gaps: whoever saw 7 and then sees 9 has missed one.
    """
    if ":" not in stream:
        raise EventError(f"The stream {stream!r} has no prefix; name it like `run:12`.")
    row = locked_stream(stream)
    if client_id is not None:
        earlier = Event.objects.filter(stream=row, client_id=client_id).first()
        if earlier is not None:
            return earlier
    row.last_seq += 1
    row.save(update_fields=["last_seq"])
    event = Event.objects.create(
        stream=row, seq=row.last_seq, kind=kind, payload=payload, client_id=client_id
    )
    outbox = Outbox.objects.create(event=event)
    transaction.on_commit(lambda: tell_listeners(outbox_id=outbox.pk, stream=stream, seq=event.seq))
    return event


def locked_stream(name: str) -> Stream:
    row = Stream.objects.select_for_update().filter(name=name).first()
    if row is None:
        # Two first events at once: one insert wins, the other waits for it here and then takes its row.
        Stream.objects.bulk_create([Stream(name=name)], ignore_conflicts=True)
        row = Stream.objects.select_for_update().get(name=name)
    return row
