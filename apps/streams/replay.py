"""What a reader has missed, as they are to get it."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from apps.streams.access import kind_of
from apps.streams.messages import EventMessage, event_message
from apps.streams.models import Event
from apps.streams.selectors import replayable_events, stream_position


@dataclass(frozen=True)
class Missing:
    """What follows `after` in a stream for one audience; or that this is too much to send."""

    after: int
    last_seq: int
    events: tuple[EventMessage, ...] = ()
    is_replayable: bool = True
    read_at: float = field(default_factory=time.monotonic)

    def events_after(self, seq: int) -> Iterable[EventMessage]:
        return (event for event in self.events if event["seq"] > seq)


def read_missing(stream: str, audience: str, after: int) -> Missing:
    events = replayable_events(stream, after)
    if events:
        return Missing(after, events[-1].seq, _rendered(stream, audience, events))
    position = stream_position(stream)
    if position.is_replayable(after):
        return Missing(after, after)
    return Missing(after, position.last_seq, is_replayable=False)


def _rendered(stream: str, audience: str, events: Sequence[Event]) -> tuple[EventMessage, ...]:
    kind = kind_of(stream)
    payloads = kind.payloads(audience, stream, events) if kind is not None else []
    return tuple(
        event_message(stream, event, payload) for event, payload in zip(events, payloads, strict=True)
    )
