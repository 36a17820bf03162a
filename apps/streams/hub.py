"""The open sockets of this process, and what has to be done for all of them now and then."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from apps.streams import presence
from apps.streams.access import Reader, StreamKind, name_of, still_may_follow
from apps.streams.messages import (
    AccessChangedMessage,
    GrewMessage,
    LayerMessage,
    SignalledMessage,
)
from apps.streams.receiver import Receiver
from apps.streams.selectors import last_seqs
from apps.streams.tails import Tail

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0
# A notification that Redis lost is made up for after so long at most.
POSITIONS_EVERY_SECONDS = 5.0
# Changes of rights are announced; this is for those that no announcement reached.
RIGHTS_EVERY_SECONDS = 10.0
RIGHTS_BATCH = 250


class Member(Protocol):
    """An open socket; `name` is its own."""

    name: str
    stream: str
    kind: StreamKind
    reader: Reader
    session_key: str
    audience: str
    sent_seq: int

    async def catch_up(self, wanted: int | None) -> None: ...
    async def tell_signal(self, kind: str, payload: Any) -> None: ...
    async def turn_away(self) -> None: ...


class Hub:
    """Hears for all sockets of this process what is told of their streams, and passes it on to each."""

    def __init__(self) -> None:
        self._members: dict[str, set[Member]] = defaultdict(set)
        self._tails: dict[tuple[str, str], Tail] = {}
        self._here: dict[str, list[str]] = {}
        self._receiver = Receiver(self._hear)
        self._passing_on: set[asyncio.Task[None]] = set()
        self._asking_for_rights: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._redis: Redis | None = None

    async def join(self, member: Member) -> None:
        """Whatever is told of the stream after this reaches the member.

        Raises:
            RedisError, OSError: Redis is away.
        """
        self._members[member.stream].add(member)
        # A socket that comes later has not been told yet who is here.
        self._here.pop(member.stream, None)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        try:
            await self._receiver.follow(member.stream)
        except BaseException:
            await self.leave(member, member.stream)
            raise

    async def leave(self, member: Member, stream: str) -> None:
        members = self._members.get(stream, set())
        members.discard(member)
        if members:
            return
        self._members.pop(stream, None)
        self._here.pop(stream, None)
        for key in [key for key in self._tails if key[0] == stream]:
            del self._tails[key]
        if not self._members and self._task is not None:
            self._task.cancel()
            self._task = None
        await self._receiver.forget(stream)
        if not self._members:
            await self._receiver.close()

    def tail(self, stream: str, audience: str) -> Tail:
        key = (stream, audience)
        if key not in self._tails:
            self._tails[key] = Tail(stream, audience)
        return self._tails[key]

    # --- what is told ---

    def _hear(self, message: LayerMessage) -> None:
        task = asyncio.create_task(self._pass_on(message, self._asking_for_rights))
        self._passing_on.add(task)
        task.add_done_callback(self._passing_on.discard)
        if message["type"] == "access.changed":
            self._asking_for_rights = task

    async def _pass_on(self, message: LayerMessage, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            # Whoever lost a right hears nothing of what was told after it.
            await asyncio.wait([before])
        if message["type"] == "stream.grew":
            await self._guarded(partial(self._grew, message))
        elif message["type"] == "stream.signalled":
            await self._signalled(message)
        else:
            await self._guarded(partial(self._access_changed, message))

    async def _grew(self, message: GrewMessage) -> None:
        stream, seq = message["stream"], message["seq"]
        behind = [member for member in self._members.get(stream, ()) if member.sent_seq < seq]
        newest: dict[str, int] = {}
        for member in behind:
            newest[member.audience] = max(newest.get(member.audience, 0), member.sent_seq)
        # Read once for each audience, before all of its sockets ask for it.
        for audience, after in newest.items():
            await self.tail(stream, audience).missing(after, seq)
        await each([member.catch_up(seq) for member in behind])

    async def _signalled(self, message: SignalledMessage) -> None:
        others = [one for one in self._members.get(message["stream"], ()) if one.name != message["sender"]]
        await each([member.tell_signal(message["kind"], message["payload"]) for member in others])

    async def _access_changed(self, message: AccessChangedMessage) -> None:
        whose = message["reader"]
        await self._check_rights_of(
            [member for member in self._everybody() if whose in (None, name_of(member.reader))]
        )

    # --- now and then ---

    async def _run(self) -> None:
        positions_at = rights_at = time.monotonic()
        self._redis = Redis.from_url(settings.REDIS_URL)
        try:
            while True:
                await asyncio.sleep(TICK_SECONDS)
                now = time.monotonic()
                await self._guarded(self._say_who_is_here)
                if now - positions_at >= POSITIONS_EVERY_SECONDS:
                    positions_at = now
                    await self._guarded(self._find_what_was_not_told)
                if now - rights_at >= RIGHTS_EVERY_SECONDS:
                    rights_at = now
                    await self._guarded(self._check_rights)
        finally:
            await self._redis.aclose()

    async def _guarded(self, step: Callable[[], Awaitable[None]]) -> None:
        """A store that is away for a moment is asked again with the next tick."""
        try:
            await step()
        except (RedisError, OSError, DatabaseError) as error:
            logger.warning(
                "The sockets' %s has to wait: %s", getattr(step, "__name__", "work"), type(error).__name__
            )

    async def _say_who_is_here(self) -> None:
        here: dict[str, set[str]] = {}
        for stream, members in self._members.items():
            for member in members:
                if member.kind.presence is not None:
                    here.setdefault(stream, set()).add(member.kind.presence.member(member.reader))
        if not here or self._redis is None:
            return
        for stream, names in (await presence.say_here(self._redis, here)).items():
            if self._here.get(stream) != names:
                self._here[stream] = names
                await self._tell_who_is_here(stream, names)

    async def _tell_who_is_here(self, stream: str, names: list[str]) -> None:
        told = []
        for member in self._members.get(stream, ()):
            payload = member.kind.presence.payload if member.kind.presence is not None else None
            if payload is not None:
                told.append(member.tell_signal("presence", payload(member.audience, stream, names)))
        await each(told)

    async def _find_what_was_not_told(self) -> None:
        positions = await database_sync_to_async(last_seqs, thread_sensitive=False)(list(self._members))
        behind = [
            member.catch_up(last_seq)
            for stream, last_seq in positions.items()
            for member in self._members.get(stream, ())
            if member.sent_seq < last_seq
        ]
        await each(behind)

    async def _check_rights(self) -> None:
        await self._check_rights_of(self._everybody())

    async def _check_rights_of(self, members: Sequence[Member]) -> None:
        for start in range(0, len(members), RIGHTS_BATCH):
            batch = members[start : start + RIGHTS_BATCH]
            asked = [(member.reader, member.stream) for member in batch]
            answers = await check_rights(asked, [member.session_key for member in batch])
            allowed = zip(batch, asked, answers, strict=True)
            # Whoever has gone on to another stream meanwhile was asked for there.
            barred = [one for one, (_, stream), may in allowed if not may and one.stream == stream]
            await each([member.turn_away() for member in barred])

    def _everybody(self) -> list[Member]:
        return [member for group in self._members.values() for member in group]


async def each(tellings: Sequence[Coroutine[Any, Any, None]]) -> None:
    """A socket that breaks meanwhile is its own matter: the others are told all the same."""
    for error in await asyncio.gather(*tellings, return_exceptions=True):
        if isinstance(error, Exception) and not isinstance(error, OSError):
            logger.warning("A socket could not be told: %s", type(error).__name__, exc_info=error)


check_rights = database_sync_to_async(still_may_follow, thread_sensitive=False)

_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """Of the running loop: a process that serves has one."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
