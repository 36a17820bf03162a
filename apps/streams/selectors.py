from dataclasses import dataclass

from apps.streams.models import Event, Stream

# Beyond this a client reads its page anew faster than it could replay what it missed.
LONGEST_REPLAY = 1000


@dataclass(frozen=True)
class StreamPosition:
    last_seq: int
    pruned_seq: int

    def is_replayable(self, after: int) -> bool:
        return self.pruned_seq <= after <= self.last_seq and self.last_seq - after <= LONGEST_REPLAY


def replayable_events(stream: str, after: int) -> list[Event]:
    """What follows `after`; nothing where that is too much to replay or some of it is gone."""
    whole = {"stream__pruned_seq__lte": after, "stream__last_seq__lte": after + LONGEST_REPLAY}
    return list(Event.objects.filter(stream__name=stream, seq__gt=after, **whole).order_by("seq"))


def stream_position(stream: str) -> StreamPosition:
    """A stream that nobody wrote to yet is at 0."""
    row = Stream.objects.filter(name=stream).values_list("last_seq", "pruned_seq").first()
    return StreamPosition(*(row or (0, 0)))


def last_seqs(streams: list[str]) -> dict[str, int]:
    return dict(Stream.objects.filter(name__in=streams).values_list("name", "last_seq"))
