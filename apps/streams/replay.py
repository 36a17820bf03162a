"""What a reader has missed, as they are to get it."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.streams.access import kind_of
from apps.streams.messages import EventMessage, event_message
from apps.streams.selectors import LONGEST_REPLAY, events_after, stream_position


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
    position = stream_position(stream)
    if not position.is_replayable(after):
        return Missing(after, position.last_seq, is_replayable=False)
    events = _rendered(stream, audience, after) if position.last_seq > after else ()
    return Missing(after, events[-1]["seq"] if events else after, events)


def _rendered(stream: str, audience: str, after: int) -> tuple[EventMessage, ...]:
    events = events_after(stream, after, LONGEST_REPLAY)
    kind = kind_of(stream)
    payloads = kind.payloads(audience, stream, events) if kind is not None else []
    return tuple(
        event_message(stream, event, payload) for event, payload in zip(events, payloads, strict=True)
    )
