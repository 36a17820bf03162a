"""How large a body Django is given, before it keeps a byte of it."""

import json
from collections.abc import MutableMapping
from typing import Any

import pytest
from django.conf import settings

from apps.project.asgi import application
from apps.project.bodies import DeclaredBodies
from apps.registry.services.datasets import MAX_UPLOAD_BYTES

CHUNKED = (b"transfer-encoding", b"chunked")
JSON = (b"content-type", b"application/json")
FORM = (b"content-type", b"multipart/form-data; boundary=x")


def length(size: int) -> tuple[bytes, bytes]:
    return b"content-length", str(size).encode()


async def answer_of(app: Any, *headers: tuple[bytes, bytes]) -> tuple[int, str]:
    status, body = await reply(app, *headers)
    return status, json.loads(body)["code"]


async def reply(app: Any, *headers: tuple[bytes, bytes]) -> tuple[int, str]:
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError("a body was read that is refused by its headers")

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    path = "/support/widget/session"
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "headers": headers}
    await app(scope, receive, send)
    return sent[0]["status"], sent[1]["body"].decode()


async def accepts_all(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b'{"code": "ok"}'})


async def test_a_body_of_unknown_length_is_refused_unread() -> None:
    assert await answer_of(application, JSON, CHUNKED) == (411, "length_required")


async def test_a_body_larger_than_django_reads_is_refused_unread() -> None:
    too_long = length(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)

    assert await answer_of(application, JSON, too_long) == (413, "too_large")


@pytest.mark.parametrize("headers", [(), (JSON, length(60_000)), (FORM, length(MAX_UPLOAD_BYTES + 1))])
async def test_what_a_view_may_judge_itself_reaches_it(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    assert await answer_of(DeclaredBodies(accepts_all), *headers) == (200, "ok")


async def test_a_file_has_a_largest_size_as_well() -> None:
    assert await answer_of(application, FORM, length(2 * MAX_UPLOAD_BYTES + 1)) == (413, "too_large")


async def test_a_browser_gets_a_page_in_its_language() -> None:
    browser = ((b"host", b"127.0.0.1"), (b"accept", b"text/html,*/*"), (b"accept-language", b"zh-Hans"))

    status, page = await reply(application, *browser, FORM, length(2 * MAX_UPLOAD_BYTES + 1))

    assert status == 413
    assert "没有任何改动" in page
    assert 'lang="zh-hans"' in page
