"""A browser's side of a stream; channels.testing would bring along daphne, which nothing here uses."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.contrib.sessions.backends.db import SessionStore

from apps.streams.access import Reader
from apps.streams.routing import websocket_urlpatterns


class Socket:
    def __init__(self, user: Reader, stream: str, after: int | str) -> None:
        scope: dict[str, Any] = {
            "type": "websocket",
            "path": f"/ws/streams/{stream}/",
            "query_string": f"after={after}".encode(),
            "headers": [],
            "user": user,
            "session": SessionStore(),
        }
        self.session: SessionStore = scope["session"]
        # Any: asgiref leaves its testing module untyped.
        communicator: Any = ApplicationCommunicator
        self.browser: Any = communicator(URLRouter(websocket_urlpatterns), scope)
        self.is_open = False

    async def open(self) -> None:
        await self.session.acreate()
        await self.browser.send_input({"type": "websocket.connect"})
        self.is_open = (await self.browser.receive_output(5))["type"] == "websocket.accept"

    async def close(self) -> None:
        if self.is_open and not self.browser.future.done():
            await self.browser.send_input({"type": "websocket.disconnect", "code": 1001})
            await self.browser.wait(5)
        self.is_open = False

    async def say(self, text: str) -> None:
        await self.browser.send_input({"type": "websocket.receive", "text": text})

    async def resume(self, after: int) -> None:
        await self.say(json.dumps({"type": "resume", "after": after}))

    async def message(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads((await self.browser.receive_output(5))["text"])
        return message

    async def close_code(self) -> int:
        code: int = (await self.browser.receive_output(5))["code"]
        return code

    async def read(self) -> list[Any]:
        """Up to the server's word that this was all: each event's seq, or a refresh with its seq."""
        seen: list[Any] = []
        while (message := await self.message())["type"] == "event":
            seen.append(message["seq"])
        return seen if message["type"] == "caught_up" else [*seen, (message["type"], message["seq"])]

    async def hears_no_event(self, seconds: float) -> bool:
        """Whether nothing comes that a reader would see; to be told again that this was all harms nobody."""
        while not await self.browser.receive_nothing(seconds):
            if (await self.message())["type"] == "event":
                return False
        return True

    async def hears_nothing(self, seconds: float) -> bool:
        if await self.browser.receive_nothing(seconds):
            return True
        raise AssertionError(await self.browser.receive_output(1))


Open = Callable[..., Awaitable[Socket]]
