"""The newest events of the open streams, read and written out once for all sockets of this process."""

import asyncio
import time
from dataclasses import dataclass, field

from channels.db import database_sync_to_async

from apps.streams.messages import as_text
from apps.streams.replay import Missing, read_missing

# What was read is good for the sockets that hear of the same event, not for later ones: texts can be erased.
FRESH_SECONDS = 2.0


@dataclass
class Tail:
    """Of one stream for one audience."""

    stream: str
    audience: str
    _read: Missing | None = None
    _texts: dict[int, str] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def missing(self, after: int, wanted: int | None) -> Missing:
        """What a socket that saw `after` has missed; `wanted` was announced, None asks the table at once."""
        if wanted is None:
            return await self._ask(after)
        if self._read is not None and _serves(self._read, after, wanted):
            return self._read
        async with self._lock:
            # Whoever waited here usually finds that the one before has read it for both.
            if self._read is None or not _serves(self._read, after, wanted):
                self._read = await self._ask(after)
                self._texts = {event["seq"]: as_text(event) for event in self._read.events}
            return self._read

    def texts_after(self, missing: Missing, seq: int) -> list[tuple[int, str]]:
        written = self._texts if missing is self._read else {}
        return [
            (event["seq"], written.get(event["seq"]) or as_text(event)) for event in missing.events_after(seq)
        ]

    async def _ask(self, after: int) -> Missing:
        # A thread of its own: what one socket reads must not wait until another has stored something.
        ask = database_sync_to_async(read_missing, thread_sensitive=False)
        read: Missing = await ask(self.stream, self.audience, after)
        return read


def _serves(read: Missing, after: int, wanted: int) -> bool:
    is_fresh = time.monotonic() - read.read_at < FRESH_SECONDS
    return (
        read.is_replayable and is_fresh and read.after <= after <= read.last_seq and wanted <= read.last_seq
    )
