from datetime import datetime

from django.db import transaction
from django.db.models import Max

from apps.streams.access import kinds_that_forget
from apps.streams.models import Event, Stream


def prune_events(*, at: datetime) -> int:
    """Remove the events that their kind of stream no longer keeps; how many went."""
    removed = 0
    for prefix, keep in kinds_that_forget().items():
        old = Event.objects.filter(stream__name__startswith=f"{prefix}:", created_at__lt=at - keep)
        for stream_id in old.order_by().values_list("stream_id", flat=True).distinct():
            removed += prune_stream(stream_id=stream_id, before=at - keep)
    return removed


@transaction.atomic
def prune_stream(*, stream_id: int, before: datetime) -> int:
    stream = Stream.objects.select_for_update().get(pk=stream_id)
    last_old = stream.events.filter(created_at__lt=before).aggregate(seq=Max("seq"))["seq"]
    if last_old is None:
        return 0
    # Up to a seq and not by time alone: what remains must have no holes.
    _, removed = stream.events.filter(seq__lte=last_old).delete()
    stream.pruned_seq = last_old
    stream.save(update_fields=["pruned_seq"])
    return removed[Event._meta.label]
