"""The newest events of the open streams, read and written out once for all sockets of this process."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from channels.db import database_sync_to_async

from apps.streams.access import kind_of
from apps.streams.messages import as_text, event_message
from apps.streams.selectors import LONGEST_REPLAY, events_after, stream_position

# What was read is good for the sockets that hear of the same event, not for later ones: texts can be erased.
FRESH_SECONDS = 2.0


@dataclass(frozen=True)
class Missing:
    """What follows `after` in a stream, as text for its readers; or that this is too much to send."""

    after: int
    last_seq: int
    texts: tuple[tuple[int, str], ...] = ()
    is_replayable: bool = True
    read_at: float = field(default_factory=time.monotonic)

    def serves(self, after: int, wanted: int) -> bool:
        is_fresh = time.monotonic() - self.read_at < FRESH_SECONDS
        return (
            self.is_replayable
            and is_fresh
            and self.after <= after <= self.last_seq
            and wanted <= self.last_seq
        )

    def texts_after(self, after: int) -> Iterable[tuple[int, str]]:
        return (entry for entry in self.texts if entry[0] > after)


@dataclass
class Tail:
    """Of one stream for one audience."""

    stream: str
    audience: str
    _read: Missing | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def missing(self, after: int, wanted: int | None) -> Missing:
        """What a socket that saw `after` has missed; `wanted` was announced, None asks the table at once."""
        if wanted is None:
            return await _read_missing(self.stream, self.audience, after)
        if self._read is not None and self._read.serves(after, wanted):
            return self._read
        async with self._lock:
            # Whoever waited here usually finds that the one before has read it for both.
            if self._read is None or not self._read.serves(after, wanted):
                self._read = await _read_missing(self.stream, self.audience, after)
            return self._read


def _missing(stream: str, audience: str, after: int) -> Missing:
    position = stream_position(stream)
    if not position.is_replayable(after):
        return Missing(after, position.last_seq, is_replayable=False)
    events = events_after(stream, after, LONGEST_REPLAY) if position.last_seq > after else []
    kind = kind_of(stream)
    payloads = kind.payloads(audience, stream, events) if kind is not None and events else []
    texts = tuple(
        (event.seq, as_text(event_message(stream, event, payload)))
        for event, payload in zip(events, payloads, strict=True)
    )
    return Missing(after, texts[-1][0] if texts else after, texts)


async def _read_missing(stream: str, audience: str, after: int) -> Missing:
    # A thread of its own: what one socket reads must not wait until another has stored something.
    read: Missing = await database_sync_to_async(_missing, thread_sensitive=False)(stream, audience, after)
    return read
