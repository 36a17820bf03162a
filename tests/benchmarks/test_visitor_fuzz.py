"""The short form of the benchmark, in this process: the same attempts, fewer of them."""

import concurrent.futures
import json
import random
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from apps.accounts.rates import limiter
from benchmarks.site.attempts import SECRET, Attempt, World, draw, make_world
from tests.apps.support.sockets import Line

pytestmark = pytest.mark.django_db(transaction=True)
ATTEMPTS = 120


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    limiter().storage.reset()
    monkeypatch.setattr("apps.support.api.visitors.see_to_soon", lambda message: None)
    monkeypatch.setattr("apps.support.streams.see_to_soon", lambda message: None)
    monkeypatch.setattr(settings, "SUPPORT_ADDRESS_FACTOR", 10_000)
    return make_world()


def drawn(world: World, *, sockets: bool) -> list[Attempt]:
    chance = random.Random(7)
    every = (draw(world, chance) for _ in range(ATTEMPTS))
    return [attempt for attempt in every if attempt.is_socket == sockets]


def ask(attempt: Attempt) -> tuple[int, str]:
    client = Client(raise_request_exception=False)
    answer = client.generic(
        attempt.method, attempt.path, attempt.body or b"", "application/json", headers=attempt.headers
    )
    return answer.status_code, f"{answer.headers} {answer.content.decode(errors='replace')}"


async def hear(attempt: Attempt, *, seconds: float = 0.05) -> str:
    line, heard = Line(attempt.path), ""
    if await line.open():
        for frame in attempt.frames:
            await line.browser.send_input({"type": "websocket.receive", "text": frame})
        while not await line.browser.receive_nothing(seconds):
            heard += str(await line.browser.receive_output(1))
    await line.close()
    return heard


def test_no_request_reads_anothers_conversation(world: World) -> None:
    answers = [(attempt, *ask(attempt)) for attempt in drawn(world, sockets=False)]

    assert [attempt for attempt, _status, text in answers if SECRET in text] == []
    assert [attempt for attempt, status, _text in answers if status >= 500] == []
    assert {200, 201, 401} <= {status for _attempt, status, _text in answers}


async def test_no_socket_reads_anothers_conversation(world: World) -> None:
    attempts = drawn(world, sockets=True)
    hello = json.dumps({"type": "hello", "token": world.mine[0], "after": 0})

    heard = [await hear(attempt) for attempt in attempts]
    own = await hear(Attempt("/ws/support/visitor/", {}, frames=(hello,)), seconds=1.0)

    assert [attempt for attempt, text in zip(attempts, heard, strict=True) if SECRET in text] == []
    assert "nothing to see" in own


def test_limits_hold_when_everything_comes_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SUPPORT_MESSAGES_PER_MINUTE", 8)
    headers = {"Authorization": f"Bearer {world.mine[0]}"}

    def send(number: int) -> int:
        body = b'{"client_id": "burst-%d", "body": "Me first"}' % number
        try:
            return ask(Attempt("/support/widget/messages", headers, "POST", body))[0]
        finally:
            connection.close()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(send, range(24)))

    assert statuses == {201: 8, 429: 16}
