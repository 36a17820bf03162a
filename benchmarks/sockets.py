"""A thousand open sockets: how soon each hears of an event, and how soon one that was away has caught up.

Half of the sockets are customers', each in a conversation of its own; the other half are agents' at the desk.
An event of the desk goes to five hundred at once, a message to its one customer; the time is from before the
transaction to the socket that hears it last. Then a socket comes back after ten minutes in which its
conversation went on.

    python -m benchmarks.sockets [--sockets 1000] [--events 60] [--missed 600]
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.report import Report, Row, percentile, publish
from benchmarks.site.people import Talk, start_talks
from benchmarks.site.running import Site, open_site

OPENED_AT_ONCE = 20
PAUSE_SECONDS = 0.5
ARRIVAL_SECONDS = 20.0
RESUMES = 10
# What is missed is said at the rate that the bot is measured at: one burst would be heard by all sockets.
MESSAGES_PER_SECOND = 20


@dataclass
class Ears:
    """When each event reached each socket, by stream and number."""

    heard: dict[tuple[str, int], list[float]] = field(default_factory=dict)

    async def listen(self, socket: ClientConnection) -> None:
        async for text in socket:
            at = time.perf_counter()
            message = json.loads(text)
            if message["type"] == "event":
                self.heard.setdefault((message["stream"], message["seq"]), []).append(at)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--missed", type=int, default=600)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_site(Path(folder)) as site:
        talks = start_talks(asked.sockets // 2)
        rows, details = asyncio.run(measure(site, talks, asked))
    publish(Report("sockets", f"{asked.sockets} open sockets", rows, details))


async def measure(
    site: Site, talks: Sequence[Talk], asked: argparse.Namespace
) -> tuple[list[Row], dict[str, Any]]:
    ears = Ears()
    started = time.perf_counter()
    sockets = await open_all(site, talks)
    opening = time.perf_counter() - started
    listening = [asyncio.create_task(ears.listen(socket)) for socket in sockets]
    print(f"{len(sockets)} sockets are open after {opening:.0f} s", flush=True)
    await asyncio.sleep(5)
    desk = await fan_out(ears, asked.events, len(talks))
    single = await messages(ears, talks, asked.events)
    print(f"{len(desk)} and {len(single)} deliveries", flush=True)
    resumes = await resume(site, talks[0], asked.missed)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)
    everybody = desk + single
    rows = [
        Row("open sockets", len(sockets), asked.sockets),
        Row("deliveries", len(everybody), asked.events * (len(talks) + 1)),
        Row("fan-out, p50", percentile(desk, 50), unit="ms"),
        Row("fan-out, p99", percentile(desk, 99), 500, at_least=False, unit="ms"),
        Row("message to its customer, p50", percentile(single, 50), unit="ms"),
        Row("message to its customer, p99", percentile(single, 99), 500, at_least=False, unit="ms"),
        Row("resume after ten minutes, slowest", max(resumes), 1000, at_least=False, unit="ms"),
        Row("opening all sockets", opening, unit="s"),
    ]
    return rows, {"resumes_ms": resumes, "fan_out_max_ms": max(desk), "events_missed": asked.missed}


async def open_all(site: Site, talks: Sequence[Talk]) -> list[ClientConnection]:
    room = asyncio.Semaphore(OPENED_AT_ONCE)

    async def one(talk: Talk, path: str) -> ClientConnection:
        async with room:
            return await dial(site, talk, path)

    paths = [(talk, path) for talk in talks for path in ("/ws/support/visitor/", "/ws/streams/desk:support/")]
    return list(await asyncio.gather(*(one(talk, path) for talk, path in paths)))


async def dial(site: Site, talk: Talk, path: str, after: int | None = None) -> ClientConnection:
    """A socket that has caught up; customers say who they are, agents show their cookie."""
    is_customer = path.startswith("/ws/support")
    headers = {"Origin": site.plan.address} | ({} if is_customer else {"Cookie": talk.cookie})
    query = "" if is_customer else f"?after={10**9}"
    address = site.plan.address.replace("http", "ws")
    socket = await connect(f"{address}{path}{query}", additional_headers=headers, open_timeout=60)
    if is_customer:
        await socket.send(json.dumps({"type": "hello", "token": talk.token, "after": after or 0}))
    while json.loads(await socket.recv())["type"] not in ("caught_up", "refresh"):
        pass
    return socket


async def fan_out(ears: Ears, events: int, listeners: int) -> list[float]:
    from apps.streams.services.events import append_event
    from apps.support.models.conversations import DESK

    def tell() -> tuple[str, int]:
        return DESK, append_event(stream=DESK, kind="conversation", payload={"conversation": "x"}).seq

    return [one for _ in range(events) for one in await _timed(ears, tell, listeners)]


async def messages(ears: Ears, talks: Sequence[Talk], events: int) -> list[float]:
    from django.utils import timezone

    from apps.support.models import Conversation
    from apps.support.services.messages import send_agent_message

    async def one(talk: Talk, number: int) -> list[float]:
        def tell() -> tuple[str, int]:
            conversation = Conversation.objects.select_related("agent").get(pk=talk.pk)
            if conversation.agent is None:
                raise SystemExit("The conversation has lost its agent.")
            message = send_agent_message(
                conversation=conversation,
                user=conversation.agent,
                client_id=f"single-{number}",
                body="Here you are.",
                at=timezone.now(),
            )
            return talk.stream, message.seq

        return await _timed(ears, tell, 1)

    return [at for number in range(events) for at in await one(talks[number % len(talks)], number)]


async def _timed(ears: Ears, tell: Any, listeners: int) -> list[float]:
    """Milliseconds from before the transaction until each socket heard of it."""
    started = time.perf_counter()
    event = await asyncio.to_thread(tell)
    deadline = started + ARRIVAL_SECONDS
    while len(ears.heard.get(event, ())) < listeners and time.perf_counter() < deadline:
        await asyncio.sleep(0.01)
    await asyncio.sleep(PAUSE_SECONDS)
    return [(at - started) * 1000 for at in ears.heard.get(event, ())]


async def resume(site: Site, talk: Talk, missed: int) -> list[float]:
    """A socket that saw everything before `missed` more messages, while the others stay open."""
    before = await asyncio.to_thread(_position, talk)
    await asyncio.to_thread(_go_on, talk, missed)
    times = []
    for _ in range(RESUMES):
        started = time.perf_counter()
        socket = await dial(site, talk, "/ws/support/visitor/", after=before)
        times.append((time.perf_counter() - started) * 1000)
        await socket.close()
    return times


def _position(talk: Talk) -> int:
    from apps.streams.selectors import stream_position

    return stream_position(talk.stream).last_seq


def _go_on(talk: Talk, count: int) -> None:
    from django.utils import timezone

    from apps.support.models import Conversation
    from apps.support.services.messages import send_customer_message

    conversation = Conversation.objects.get(pk=talk.pk)
    for number in range(count):
        send_customer_message(
            conversation=conversation, client_id=f"gap-{number}", body="Still there?", at=timezone.now()
        )
        time.sleep(1 / MESSAGES_PER_SECOND)


if __name__ == "__main__":
    main()
