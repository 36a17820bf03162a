"""How large a body Django is given: it keeps all of one, in memory or in a file, before any view looks."""

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from apps.registry.services.datasets import MAX_UPLOAD_BYTES
from apps.serving.asgi import Application, Receive, Scope, Send

# A file that is somewhat too large is told so by its form, in words.
LARGEST_FORM = 2 * MAX_UPLOAD_BYTES


class DeclaredBodies:
    """Refuses by the headers alone: the server in front reads no more of a body than was declared.

    Neither Django's forms nor the REST framework read a body of unknown length: to them it is empty, while
    all of it is kept.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        largest = _largest(headers)
        if b"transfer-encoding" in headers:
            await _refuse(send, 411, "length_required", "Send the body with a Content-Length.")
        elif int(headers.get(b"content-length", 0)) > largest:
            if b"text/html" in headers.get(b"accept", b""):
                await self._application(_page_of_refusal(scope), _without_body(), send)
            else:
                await _refuse(send, 413, "too_large", f"The body is larger than {largest} bytes.")
        else:
            await self._application(scope, receive, send)


def _largest(headers: Mapping[bytes, bytes]) -> int:
    if headers.get(b"content-type", b"").lower().startswith(b"multipart/form-data"):
        return LARGEST_FORM
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _page_of_refusal(scope: Scope) -> Scope:
    """The same person's request for the page that says so, in their language."""
    path = reverse("ui:too-large")
    of_the_body = (b"content-length", b"content-type")
    headers = [(name, value) for name, value in scope["headers"] if name not in of_the_body]
    return {
        **scope,
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
    }


def _without_body() -> Receive:
    """Nothing to read, and then silence, in which Django waits for a client that leaves."""
    parts = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        return parts.pop() if parts else await asyncio.Future()

    return receive


async def _refuse(send: Send, status: int, code: str, detail: str) -> None:
    body = json.dumps({"code": code, "detail": detail}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
