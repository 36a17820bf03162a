import asyncio
import time
from collections import Counter

import numpy as np
import pytest
import tritonclient.http.aio as triton

from tests.apps.serving.clients.conftest import WORDS_FAMILY, Served

pytestmark = pytest.mark.django_db

LIVE_WITHIN_SECONDS = 5.0


def text_input() -> triton.InferInput:
    given = triton.InferInput("text", [1], "BYTES")
    given.set_data_from_numpy(np.array([b"lost"], dtype=object))
    return given


async def ask(served: Served, client: triton.InferenceServerClient) -> tuple[str, str]:
    """The version that answered, and what only that version can have answered."""
    found = await client.infer(WORDS_FAMILY, [text_input()], headers=served.headers())
    return found.get_response()["model_version"], found.as_numpy("label")[0].decode()


async def seconds_until(served: Served, client: triton.InferenceServerClient, version: str) -> float:
    started_at = time.monotonic()
    while (await ask(served, client))[0] != version:
        assert time.monotonic() - started_at < LIVE_WITHIN_SECONDS
        await asyncio.sleep(0.02)
    return time.monotonic() - started_at


async def test_a_promoted_version_is_live_within_five_seconds(served: Served) -> None:
    async with triton.InferenceServerClient(served.servers.http) as client:
        for number in (2, 1):
            await served.promote(number)
            await seconds_until(served, client, str(number))


async def test_no_request_fails_while_an_alias_moves_back_and_forth(served: Served) -> None:
    answers: Counter[tuple[str, str]] = Counter()
    is_over = asyncio.Event()

    async def ask_on(client: triton.InferenceServerClient) -> None:
        while not is_over.is_set():
            answers[await ask(served, client)] += 1

    async with triton.InferenceServerClient(served.servers.http, conn_limit=200) as client:
        asking = [asyncio.create_task(ask_on(client)) for _ in range(200)]
        for turn in range(10):
            await served.promote(2 - turn % 2)
            await asyncio.sleep(1.1)
        is_over.set()
        await asyncio.gather(*asking)
    assert set(answers) == {("1", "lost@1"), ("2", "lost@2")}
    assert min(answers.values()) > 200
