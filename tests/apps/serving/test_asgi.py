"""The fast lane under a server: what it reads, and when it stops."""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from apps.serving import metrics
from apps.serving.asgi import InferenceFirst, Receive, Scope, Send
from apps.serving.limits import Limits
from tests.apps.serving.fakes import FAMILY, FakeRegistry

pytestmark = pytest.mark.usefixtures("live")

BODY = {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["where is my card"]}]}
SCOPE = {"type": "http", "method": "POST", "path": f"/v2/models/{FAMILY}/infer", "client": ("127.0.0.1", 1)}


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("not a page")


async def replies_to(*messages: MutableMapping[str, Any], **scope: Any) -> list[MutableMapping[str, Any]]:
    """What is sent to a client that says this and then waits."""
    left, sent = list(messages), []

    async def receive() -> MutableMapping[str, Any]:
        return left.pop(0) if left else await asyncio.Event().wait()  # type: ignore[return-value]  # for ever

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await InferenceFirst(pages)({**SCOPE, "headers": [(b"host", b"testserver")], **scope}, receive, send)
    return sent


def counted(code: str, family: str = "", version: str = "") -> float:
    return float(metrics.requests_total.labels("http", family, version, code)._value.get())


async def test_who_waits_is_answered() -> None:
    start, body = await replies_to({"type": "http.request", "body": json.dumps(BODY).encode()})
    assert (start["status"], json.loads(body["body"])["model_version"]) == (200, "1")


async def test_who_went_away_is_not_waited_for(registry: FakeRegistry) -> None:
    before = counted("cancelled", FAMILY, "1")
    registry.predictors[1].gate.clear()
    request = {"type": "http.request", "body": json.dumps(BODY).encode()}
    async with asyncio.timeout(5):
        assert await replies_to(request, {"type": "http.disconnect"}) == []
        while counted("cancelled", FAMILY, "1") == before:
            await asyncio.sleep(0.01)
    registry.predictors[1].gate.set()


async def test_a_body_that_is_too_large_is_counted() -> None:
    before = counted("too_large")
    part = {"type": "http.request", "body": b" " * 5_000_000, "more_body": True}
    start, _ = await replies_to(part, part)
    assert (start["status"], counted("too_large") - before) == (413, 1)


async def test_a_body_that_does_not_end_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.serving.asgi.limits", lambda: Limits(body_seconds=0.05))
    async with asyncio.timeout(5):
        start, body = await replies_to({"type": "http.request", "body": b"{", "more_body": True})
    assert (start["status"], json.loads(body["body"])["code"]) == (408, "slow_body")
    assert (b"connection", b"close") in start["headers"]


@pytest.mark.parametrize(("server", "status"), [("127.0.0.1", 200), ("evil.example", 400), (None, 400)])
async def test_without_a_host_the_address_that_was_reached_counts(server: str | None, status: int) -> None:
    scope: dict[str, Any] = {
        "method": "GET",
        "path": "/v2",
        "headers": [],
        "server": server and (server, 8000),
    }
    start, _ = await replies_to({"type": "http.request"}, **scope)
    assert start["status"] == status


async def ask(path: str, host: str) -> httpx.Response:
    transport = httpx.ASGITransport(InferenceFirst(pages))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return await client.get(path, headers={"Host": host})


@pytest.mark.parametrize("host", ["testserver", "localhost:8000", "127.0.0.1:8000"])
async def test_who_asks_by_a_name_of_ours_is_answered(host: str) -> None:
    assert (await ask("/v2", host)).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "", "[", "localhost@evil.example"])
@pytest.mark.parametrize("path", ["/v2", "/v2/models/support-intent", "/v1/models"])
async def test_a_name_that_somebody_else_made_lead_here_is_refused(path: str, host: str) -> None:
    answer = await ask(path, host)

    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in answer.text
