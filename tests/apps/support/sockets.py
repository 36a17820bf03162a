"""Both sides of a conversation over the site's own websocket routes."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from apps.project.websockets import websocket_application


class Line:
    """A browser's socket; `hear` reads on to the next message of a type."""

    def __init__(self, path: str, *, headers: dict[str, str] | None = None) -> None:
        given = {"origin": "http://testserver", **(headers or {})}
        path, _mark, query = path.partition("?")
        scope: dict[str, Any] = {
            "type": "websocket",
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("192.0.2.1", 1234),
        }
        # Any: asgiref leaves its testing module untyped.
        communicator: Any = ApplicationCommunicator
        self.browser: Any = communicator(websocket_application(), scope)

    async def open(self) -> bool:
        await self.browser.send_input({"type": "websocket.connect"})
        return bool((await self.browser.receive_output(5))["type"] == "websocket.accept")

    async def say(self, **frame: Any) -> None:
        await self.browser.send_input({"type": "websocket.receive", "text": json.dumps(frame)})

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next message of this type; presence comes whenever it likes and is passed over."""
        while True:
            output = await self.browser.receive_output(5)
            if output["type"] == "websocket.close":
                raise AssertionError(f"closed with {output['code']} instead of {kind}")
            message: dict[str, Any] = json.loads(output["text"])
            if message["type"] == kind and message.get("kind") != "presence":
                return message

    async def closed_with(self) -> int:
        while (output := await self.browser.receive_output(5))["type"] != "websocket.close":
            pass
        code: int = output["code"]
        return code

    async def close(self) -> None:
        if not self.browser.future.done():
            await self.browser.send_input({"type": "websocket.disconnect", "code": 1001})
            await self.browser.wait(5)
