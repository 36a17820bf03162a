import json
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from apps.accounts.models import User
from apps.streams.access import may_read
from apps.streams.messages import GrewMessage, ServerMessage, event_message, read_resume
from apps.streams.selectors import LONGEST_REPLAY, events_after, stream_position
from apps.streams.services.notifications import group_name

CLOSE_NOT_ALLOWED = 4403
CLOSE_BAD_MESSAGE = 4400
LONGEST_MESSAGE = 1024


class StreamConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One stream to one person, from the `seq` that they saw last, in order and without gaps.

    Notifications only say that there is more; what is sent always comes from the table. Lost, repeated
    or reordered notifications therefore change nothing that the person sees.
    """

    stream: str
    sent_seq: int

    async def connect(self) -> None:
        self.stream = self.scope["url_route"]["kwargs"]["stream"]
        after = parse_qs(self.scope["query_string"].decode("latin-1")).get("after", ["0"])[-1]
        self.sent_seq = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
        if not await self._may_still_read():
            await self.close()
            return
        # Joined before the first read, so that nothing falls between the two.
        await self.channel_layer.group_add(group_name(self.stream), self.channel_name)
        await self.accept()
        await self._send_missing()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(group_name(self.stream), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            content = json.loads(text_data) if text_data and len(text_data) <= LONGEST_MESSAGE else None
        except json.JSONDecodeError:
            content = None
        resume = read_resume(content)
        if resume is None:
            detail = 'Send {"type": "resume", "after": SEQ} with the last seq that you saw.'
            await self._send({"type": "error", "code": "bad_message", "detail": detail})
            await self.close(CLOSE_BAD_MESSAGE)
            return
        self.sent_seq = resume["after"]
        await self._send_missing_if_allowed()

    async def stream_grew(self, message: GrewMessage) -> None:
        if message["seq"] > self.sent_seq:
            await self._send_missing_if_allowed()

    async def _send_missing_if_allowed(self) -> None:
        if await self._may_still_read():
            await self._send_missing()
        else:
            await self.close(CLOSE_NOT_ALLOWED)

    async def _send_missing(self) -> None:
        position = await database_sync_to_async(stream_position)(self.stream)
        if not position.is_replayable(self.sent_seq):
            self.sent_seq = position.last_seq
            await self._send({"type": "refresh", "stream": self.stream, "seq": self.sent_seq})
            return
        for event in await database_sync_to_async(events_after)(self.stream, self.sent_seq, LONGEST_REPLAY):
            await self._send(event_message(self.stream, event))
            self.sent_seq = event.seq
        await self._send({"type": "caught_up", "stream": self.stream, "seq": self.sent_seq})

    @database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
    def _may_still_read(self) -> bool:
        """Asked anew each time: roles change and people leave while their socket is open."""
        user: Any = self.scope["user"]
        if user.is_authenticated:
            user = User.objects.filter(pk=user.pk, is_active=True).first()
        return user is not None and may_read(user, self.stream)

    async def _send(self, message: ServerMessage) -> None:
        await self.send(text_data=json.dumps(message, ensure_ascii=False))
