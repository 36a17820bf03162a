import asyncio
import logging
import math
import time
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from apps.accounts.whole_numbers import whole_number
from apps.streams.access import Reader, RefusedError, StreamKind, kind_of
from apps.streams.hub import check_rights, hub
from apps.streams.messages import (
    ClientFrame,
    ResumeFrame,
    SendFrame,
    ServerMessage,
    SignalFrame,
    SignalledMessage,
    as_text,
    read_frame,
)
from apps.streams.services.notifications import group_name

logger = logging.getLogger(__name__)

CLOSE_TRY_AGAIN = 1013
CLOSE_BAD_MESSAGE = 4400
CLOSE_NOT_ALLOWED = 4403
CLOSE_TOO_FAST = 4429
LONGEST_FRAME = 64 * 1024
FRAMES_PER_SECOND = 20
# A gap is rare, and what fills it can be a thousand messages.
GOING_BACK_EVERY_SECONDS = 5.0


class StreamSocket(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One stream to one reader, from the `seq` that they saw last, in order and without gaps.

    Notifications only say that there is more; what is sent always comes from the table. Lost, repeated
    or reordered notifications therefore change nothing that the reader sees.
    """

    # The hub hears for all sockets: none has a channel of its own in the layer.
    channel_layer_alias = None
    # What is said to a frame that has no meaning here.
    expected = 'Send {"type": "resume", "after": SEQ} with the last seq that you saw.'
    stream = ""
    kind: StreamKind
    reader: Reader
    # Of the person's session: the socket ends with it.
    session_key = ""
    audience: str
    sent_seq: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = uuid4().hex
        self.sending = asyncio.Lock()
        self._second, self._frames = 0, 0
        self._went_back_at = -math.inf

    async def follow(self, reader: Reader, stream: str, after: int) -> bool:
        """Go on with `stream`; False if this reader may not have it."""
        kind = kind_of(stream)
        if kind is None or not (await check_rights([(reader, stream)], [self.session_key]))[0]:
            return False
        await self.leave()
        self.reader, self.stream, self.kind, self.sent_seq = reader, stream, kind, after
        self.audience = kind.audience(reader)
        # Joined before the first read, so that nothing falls between the two.
        await hub().join(self)
        return True

    async def leave(self) -> None:
        if self.stream:
            left, self.stream = self.stream, ""
            await hub().leave(self, left)

    async def __call__(self, *scope_receive_send: Any) -> None:
        try:
            await super().__call__(*scope_receive_send)
        finally:
            # However it ended: an error tells nobody.
            await self.leave()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As the base's, without its look after database connections in a thread where sockets have none."""
        await getattr(self, get_handler_name(message))(message)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._is_too_fast():
            await self.refuse("too_fast", "Too many frames a second.", CLOSE_TOO_FAST)
            return
        frame = read_frame(text_data, LONGEST_FRAME)
        try:
            has_meaning = frame is not None and await self.take(frame)
        except (RedisError, OperationalError, InterfaceError) as error:
            logger.warning("A socket ends, for a store is away: %s", type(error).__name__)
            await self.refuse("unavailable", _("A store is away for a moment. Try again."), CLOSE_TRY_AGAIN)
            return
        if not has_meaning:
            await self.refuse("bad_message", self.expected, CLOSE_BAD_MESSAGE)

    async def take(self, frame: ClientFrame) -> bool:
        """False for a frame that has no meaning here."""
        if not self.stream:
            return False
        if frame["type"] == "resume":
            await self._resume(frame)
        elif frame["type"] == "send":
            await self._store(frame)
        elif frame["type"] == "signal":
            await self._signal(frame)
        else:
            return False
        return True

    # --- to the reader ---

    async def catch_up(self, wanted: int | None = None) -> None:
        """Send what is missing up to `wanted`, which was announced, or up to the end."""
        async with self.sending:
            await self.send_missing(wanted)

    async def send_missing(self, wanted: int | None = None) -> None:
        """`catch_up` for whoever is `sending` already."""
        if not self.stream or (wanted is not None and wanted <= self.sent_seq):
            return
        tail = hub().tail(self.stream, self.audience)
        missing = await tail.missing(self.sent_seq, wanted)
        if not missing.is_replayable:
            self.sent_seq = missing.last_seq
            await self.tell({"type": "refresh", "stream": self.stream, "seq": self.sent_seq})
            return
        for seq, text in tail.texts_after(missing, self.sent_seq):
            await self.send(text_data=text)
            self.sent_seq = seq
        await self.tell({"type": "caught_up", "stream": self.stream, "seq": self.sent_seq})

    async def tell(self, message: ServerMessage) -> None:
        await self.send(text_data=as_text(message))

    async def tell_signal(self, kind: str, payload: Any) -> None:
        await self.tell({"type": "signal", "stream": self.stream, "kind": kind, "payload": payload})

    async def refuse(self, code: str, detail: str, close: int) -> None:
        await self.tell({"type": "error", "code": code, "detail": detail})
        await self.close(close)

    async def turn_away(self) -> None:
        await self.leave()
        await self.close(CLOSE_NOT_ALLOWED)

    # --- from the reader ---

    async def _resume(self, frame: ResumeFrame) -> None:
        if frame["after"] < self.sent_seq and self._goes_back_too_often():
            await self.refuse("too_fast", "Resume with the last seq that you saw.", CLOSE_TOO_FAST)
        elif await self._is_still_allowed():
            self.sent_seq = frame["after"]
            await self.catch_up()

    async def _store(self, frame: SendFrame) -> None:
        client_id = frame["client_id"]
        try:
            if self.kind.on_send is None:
                raise RefusedError("read_only", "Nothing can be sent to this stream.")
            store = database_sync_to_async(self.kind.on_send, thread_sensitive=False)
            seq = await store(self.reader, self.stream, client_id, frame["payload"])
        except RefusedError as error:
            await self.tell(
                {"type": "refused", "client_id": client_id, "code": error.code, "detail": str(error)}
            )
            return
        await self.tell({"type": "sent", "client_id": client_id, "seq": seq})

    async def _signal(self, frame: SignalFrame) -> None:
        try:
            if self.kind.on_signal is None:
                raise RefusedError("read_only", "This stream takes no signals.")
            take = database_sync_to_async(self.kind.on_signal, thread_sensitive=False)
            payload = await take(self.reader, self.stream, frame["kind"], frame["payload"])
        except RefusedError as error:
            await self.tell({"type": "error", "code": error.code, "detail": str(error)})
            return
        if payload is not None:
            message: SignalledMessage = {
                "type": "stream.signalled",
                "stream": self.stream,
                "sender": self.name,
                "kind": frame["kind"],
                "payload": payload,
            }
            await get_channel_layer().group_send(group_name(self.stream), message)

    async def _is_still_allowed(self) -> bool:
        if (await check_rights([(self.reader, self.stream)], [self.session_key]))[0]:
            return True
        await self.turn_away()
        return False

    def _goes_back_too_often(self) -> bool:
        before, self._went_back_at = self._went_back_at, time.monotonic()
        return self._went_back_at - before < GOING_BACK_EVERY_SECONDS

    def _is_too_fast(self) -> bool:
        second = int(time.monotonic())
        self._frames = self._frames + 1 if second == self._second else 1
        self._second = second
        return self._frames > FRAMES_PER_SECOND


class StreamConsumer(StreamSocket):
    """A stream to somebody who is signed in."""

    async def connect(self) -> None:
        after = parse_qs(self.scope["query_string"].decode("latin-1")).get("after", ["0"])[-1]
        seq = whole_number(after) or 0
        self.session_key = self.scope["session"].session_key or ""
        # What is told from the moment of joining waits for the end of the handshake.
        async with self.sending:
            if not await self.follow(self.scope["user"], self.scope["url_route"]["kwargs"]["stream"], seq):
                await self.close()
                return
            await self.accept()
            await self.send_missing()
