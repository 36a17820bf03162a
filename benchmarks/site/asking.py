"""Customers who each ask one question over their socket, at a steady rate, and wait for the bot."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

REPLY_SECONDS = 10.0
OPENING_AT_ONCE = 20


@dataclass
class Asked:
    """From the moment a message is sent until its reply is heard, in order of arrival."""

    milliseconds: list[float] = field(default_factory=list)
    unanswered: int = 0


async def ask_at_a_rate(
    address: str, tokens: Sequence[str], questions: Sequence[str], *, per_second: float
) -> Asked:
    """
    Args:
        tokens: of visitors whose conversations the bot owns.
        questions: asked in turns.
    """
    asked = Asked()
    opening = asyncio.Semaphore(OPENING_AT_ONCE)
    sockets = await asyncio.gather(*(_open(address, token, opening) for token in tokens))
    began = time.perf_counter()
    waiting = []
    for number, socket in enumerate(sockets):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        waiting.append(asyncio.create_task(_ask(socket, questions[number % len(questions)], asked)))
    await asyncio.gather(*waiting)
    await asyncio.gather(*(socket.close() for socket in sockets))
    return asked


async def _open(address: str, token: str, opening: asyncio.Semaphore) -> ClientConnection:
    async with opening:
        socket = await connect(address, open_timeout=30, ping_interval=None)
        await socket.send(json.dumps({"type": "hello", "token": token, "after": 0}))
        await _hear(socket, lambda message: message["type"] == "caught_up")
        return socket


async def _ask(socket: ClientConnection, question: str, asked: Asked) -> None:
    began = time.perf_counter()
    await socket.send(json.dumps({"type": "send", "client_id": "1", "payload": {"body": question}}))
    try:
        async with asyncio.timeout(REPLY_SECONDS):
            await _hear(socket, _is_reply)
    except TimeoutError:
        asked.unanswered += 1
        return
    asked.milliseconds.append((time.perf_counter() - began) * 1000)


def _is_reply(message: dict[str, Any]) -> bool:
    return bool(message["type"] == "event" and message["payload"].get("author") == "bot")


async def _hear(socket: ClientConnection, is_wanted: Any) -> None:
    while not is_wanted(json.loads(await socket.recv())):
        pass
