"""Two sides of a conversation that keep talking through whatever happens to their sockets.

Each side remembers what it heard. What it must never see is written down as a violation: a number twice, a
number left out, or a message of its own that was stored under two numbers.
"""

import asyncio
import json
import random
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

ANSWER_SECONDS = 4.0
LONGEST_PAUSE_SECONDS = 1.0
# Of what has been said or heard: the share after which the socket is dropped without a word, and so on.
DROPPED, DOUBLED, LATE_AGAIN, OVER_HTTP = 0.02, 0.1, 0.1, 0.3
# A store that was killed is away for a moment, and on a quick machine a script sends more than the limit lets
# people: then the socket ends and is opened again.
ENDINGS = ("unavailable", "too_fast")
Said = tuple[int, str, str]


@dataclass
class Counts:
    """What was done to the conversations."""

    drops: int = 0
    doubles: int = 0
    late: int = 0
    retries: int = 0
    connections: int = 0
    cut_off: int = 0


@dataclass
class Side:
    """`opening` is what a customer says first; an agent's cookie speaks for them."""

    author: str
    url: str
    headers: dict[str, str]
    chance: random.Random
    counts: Counts
    token: str = ""
    http: str = ""
    heard: list[Said] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    last_seq: int = 0
    _socket: ClientConnection | None = None
    _is_open: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: dict[str, asyncio.Future[int]] = field(default_factory=dict)
    stored: dict[str, int] = field(default_factory=dict)

    async def listen(self) -> None:
        """Until cancelled: connect, hear, and connect again after a moment."""
        pause = 0.05
        while True:
            try:
                async with connect(
                    self._address(), additional_headers=self.headers, open_timeout=10
                ) as socket:
                    self.counts.connections += 1
                    pause = 0.05
                    await self._hear_all(socket)
            except (OSError, WebSocketException, TimeoutError):
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            finally:
                self._is_open.clear()
            await asyncio.sleep(pause * self.chance.uniform(0.5, 1.5))

    def _address(self) -> str:
        return self.url if self.token else f"{self.url}?after={self.last_seq}"

    async def _hear_all(self, socket: ClientConnection) -> None:
        if self.token:
            await socket.send(json.dumps({"type": "hello", "token": self.token, "after": self.last_seq}))
        self._socket = socket
        self._is_open.set()
        async for text in socket:
            self._hear(json.loads(text))

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "event":
            self._hear_event(message)
        elif message["type"] == "sent":
            self._confirm(message["client_id"], message["seq"])
        elif message.get("code") in ENDINGS:
            self.counts.cut_off += 1
        elif message["type"] in ("refused", "refresh", "error"):
            self.violations.append(f"{self.author} got {message}")

    def _hear_event(self, event: dict[str, Any]) -> None:
        if event["seq"] != self.last_seq + 1:
            self.violations.append(f"{self.author} heard {event['seq']} after {self.last_seq}")
        self.last_seq = event["seq"]
        if event["kind"] == "message":
            self.heard.append((event["seq"], event["payload"]["author"], event["payload"]["body"]))

    def _confirm(self, client_id: str, seq: int) -> None:
        if self.stored.setdefault(client_id, seq) != seq:
            self.violations.append(f"{client_id} is {seq} and {self.stored[client_id]}")
        waiting = self._waiting.pop(client_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(seq)

    async def say(self, client_id: str, body: str) -> None:
        """Until it is confirmed, however often that takes."""
        attempt = 0
        while client_id not in self.stored:
            self.counts.retries += attempt > 0
            attempt += 1
            try:
                if self.http and self.chance.random() < OVER_HTTP:
                    self._confirm(client_id, await asyncio.to_thread(self._post, client_id, body))
                else:
                    await self._send(client_id, body)
            except (OSError, WebSocketException, TimeoutError, HTTPException):
                await asyncio.sleep(self.chance.uniform(0.05, 0.5))
        await self._mistreat(client_id, body)

    async def _send(self, client_id: str, body: str) -> None:
        async with asyncio.timeout(ANSWER_SECONDS):
            await self._is_open.wait()
            if self._socket is None:
                raise OSError
            answer = self._waiting.setdefault(client_id, asyncio.get_running_loop().create_future())
            frame = json.dumps({"type": "send", "client_id": client_id, "payload": {"body": body}})
            await self._socket.send(frame)
            if self.chance.random() < DOUBLED:
                self.counts.doubles += 1
                await self._socket.send(frame)
            if self.chance.random() < DROPPED:
                self._drop()
            await asyncio.shield(answer)

    async def _mistreat(self, client_id: str, body: str) -> None:
        """A copy of something old comes after what was said later; a line breaks while nobody talks."""
        if self._socket is None or not self._is_open.is_set():
            return
        if self.chance.random() < LATE_AGAIN:
            self.counts.late += 1
            old = self.chance.choice(list(self.stored))
            frame = json.dumps(
                {"type": "send", "client_id": old, "payload": {"body": "a copy that came late"}}
            )
            try:
                await self._socket.send(frame)
            except WebSocketException:
                return
        if self.chance.random() < DROPPED:
            self._drop()

    def _drop(self) -> None:
        self.counts.drops += 1
        if self._socket is not None:
            self._socket.transport.abort()

    def _post(self, client_id: str, body: str) -> int:
        request = urllib.request.Request(
            self.http,
            json.dumps({"client_id": client_id, "body": body}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
                return int(json.load(answer)["seq"])
        except urllib.error.HTTPError as error:
            if error.code not in (429, 500, 503):
                self.violations.append(f"HTTP {error.code}: {error.read()[:200]!r}")
            raise
