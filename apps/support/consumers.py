import asyncio
from collections import Counter
from typing import Any, ClassVar

from channels.db import database_sync_to_async
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.streams.access import Guest, RefusedError
from apps.streams.consumers import CLOSE_NOT_ALLOWED, StreamSocket
from apps.streams.messages import ClientFrame, HelloFrame, SendFrame
from apps.support.errors import SupportError
from apps.support.limits import (
    SOCKETS,
    TooManyError,
    spend_conversation,
    spend_greeting,
    spend_hello,
    spend_request,
)
from apps.support.models import Visitor
from apps.support.origins import is_allowed_origin
from apps.support.selectors.conversations import current_conversation
from apps.support.services.conversations import start_conversation
from apps.support.services.messages import check_message
from apps.support.services.visitors import VisitorTokenError, guest_of, verify_token
from apps.support.streams import body_of

CLOSE_BAD_TOKEN = 4401
CLOSE_TOO_MANY = 4429
HELLO_SECONDS = 10
FREE_AGAIN_SECONDS = 60


class VisitorConsumer(StreamSocket):
    """A customer's conversation. Their first word says who they are, for addresses are logged."""

    expected = 'Send {"type": "hello", "token": TOKEN, "after": SEQ} first, then send, resume or signal.'
    visitor: Visitor | None = None
    _waiting: asyncio.TimerHandle | None = None
    _open: ClassVar[Counter[int]] = Counter()  # by visitor
    _counted: int | None = None

    async def __call__(self, *scope_receive_send: Any) -> None:
        try:
            await super().__call__(*scope_receive_send)
        finally:
            self._uncount()

    async def connect(self) -> None:
        headers = dict(self.scope["headers"])
        if not await _ask(is_allowed_origin)(headers.get(b"origin", b"").decode("latin-1")):
            await self.close(CLOSE_NOT_ALLOWED)
            return
        await self.accept()
        self._waiting = asyncio.get_running_loop().call_later(HELLO_SECONDS, self._give_up)

    async def disconnect(self, code: int) -> None:
        self._end_waiting()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """What is refused is said in the customer's language, once it is known who they are."""
        with translation.override(self.visitor.language if self.visitor is not None else None):
            await super().receive(text_data, bytes_data)

    async def take(self, frame: ClientFrame) -> bool:
        if frame["type"] == "hello":
            await self._greet(frame)
            return True
        if self.visitor is None:
            return False
        if not self.stream and frame["type"] == "send":
            return await self._begin(frame)
        if frame["type"] == "resume":
            try:
                await _ask(spend_request)(self.visitor.pk, self._address)
            except TooManyError as error:
                await self.refuse(error.code, str(error), CLOSE_TOO_MANY)
                return True
        has_moved = frame["type"] in {"resume", "send"} and await self._follow_current(self.visitor)
        # With that all has been sent that a resume could ask for.
        return (has_moved and frame["type"] == "resume") or await super().take(frame)

    async def _greet(self, frame: HelloFrame) -> None:
        try:
            await _ask(spend_hello)(self._address)
            self.visitor = await _ask(verify_token)(frame["token"])
            await _ask(spend_greeting)(self.visitor.pk)
            self._count(self.visitor)
        except VisitorTokenError as error:
            await self.refuse(error.code, str(error), CLOSE_BAD_TOKEN)
            return
        except TooManyError as error:
            await self.refuse(error.code, str(error), CLOSE_TOO_MANY)
            return
        self._end_waiting()
        conversation = await _ask(current_conversation)(self.visitor, at=timezone.now())
        if conversation is None:
            await self.leave()
            await self.tell({"type": "caught_up", "stream": "", "seq": 0})
            return
        await self._attach(conversation.stream, frame["after"])

    async def _follow_current(self, visitor: Visitor) -> bool:
        """Whether that is another by now: they signed in elsewhere, or an earlier one was opened again."""
        current = await _ask(current_conversation)(visitor, at=timezone.now())
        if current is None or current.stream == self.stream:
            return False
        await self._attach(current.stream, 0)
        return True

    def _count(self, visitor: Visitor) -> None:
        self._uncount()
        if self._open[visitor.pk] >= SOCKETS:
            raise TooManyError(FREE_AGAIN_SECONDS)
        self._open[visitor.pk] += 1
        self._counted = visitor.pk

    def _uncount(self) -> None:
        if self._counted is not None:
            self._open[self._counted] -= 1
            if not self._open[self._counted]:
                del self._open[self._counted]
            self._counted = None

    async def _begin(self, frame: SendFrame) -> bool:
        """The first message makes the conversation."""
        try:
            conversation = await _ask(self._start)(frame)
        except (SupportError, RefusedError) as error:
            client_id = frame["client_id"]
            await self.tell(
                {"type": "refused", "client_id": client_id, "code": error.code, "detail": str(error)}
            )
            return True
        await self._attach(conversation.stream, 0)
        return await super().take(frame)

    async def _attach(self, stream: str, after: int) -> None:
        async with self.sending:
            if self.visitor is None or not await self.follow(self._guest, stream, after):
                await self.turn_away()
                return
            await self.send_missing()

    def _start(self, frame: SendFrame) -> Any:
        check_message(frame["client_id"], body_of(frame["payload"]))
        at = timezone.now()
        visitor = self._visitor
        current = current_conversation(visitor, at=at)
        if current is None:
            spend_conversation(visitor.pk, self._address)
        return current or start_conversation(visitor=visitor, at=at)

    @property
    def _visitor(self) -> Visitor:
        if self.visitor is None:
            raise RefusedError("not_allowed", _("Send hello with a token first."))
        return self.visitor

    @property
    def _guest(self) -> Guest:
        return guest_of(self._visitor, self._address)

    @property
    def _address(self) -> str:
        client = self.scope.get("client")
        return client[0] if client else ""

    def _give_up(self) -> None:
        self._closing = asyncio.ensure_future(self.close(CLOSE_BAD_TOKEN))

    def _end_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def _ask(function: Any) -> Any:
    return database_sync_to_async(function, thread_sensitive=False)
