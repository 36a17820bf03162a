"""The fast lane: predictions are answered before Django's middleware, which is made for pages.

Sessions, cookies and CSRF mean nothing to a client with a key, and each middleware costs a hop between
threads; together they would take longer than the model does.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from apps.serving.doors.exchange import Exchange, Reply, body_too_large
from apps.serving.doors.http import handle, is_ours, refuse
from apps.serving.errors import Fault, ServingError, malformed
from apps.serving.limits import Limits
from apps.serving.loading import limits

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class ClientGoneError(Exception):
    pass


class InferenceFirst:
    """Answers what is below /v2 and the OpenAI-style paths, and hands on everything else."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_ours(scope["path"]):
            await self._application(scope, receive, send)
            return
        try:
            reply = await _reply(scope, receive)
        except ClientGoneError:
            return
        await _send(reply, send)


async def _reply(scope: Scope, receive: Receive) -> Reply:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        _check_host(headers.get("host", _own_host(scope)))
        body = await _body_in_time(receive, limits())
    except ServingError as error:
        return refuse(scope["path"], error)
    peer = scope["client"][0] if scope.get("client") else ""
    exchange = Exchange(scope["method"], scope["path"], headers, body, peer)
    return await _while_wanted(handle(exchange), receive)


async def _while_wanted(answer: Coroutine[Any, Any, Reply], receive: Receive) -> Reply:
    """What a client no longer waits for isn't computed: it would only keep the others waiting."""
    answering, leaving = asyncio.create_task(answer), asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise ClientGoneError
        return answering.result()
    finally:
        answering.cancel()
        leaving.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _own_host(scope: Scope) -> str:
    """Where the connection was made to: HTTP/1.0 has no Host, and Django takes this then as well."""
    host, _ = scope.get("server") or ("", None)
    return f"[{host}]" if ":" in host else host


def _check_host(host: str) -> None:
    """As Django does: a page elsewhere whose name leads to this machine is none of its programs."""
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        raise malformed("ALLOWED_HOSTS does not have the name in the header Host.")


async def _body_in_time(receive: Receive, limits: Limits) -> bytes:
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _body(receive, limits.body_bytes)
    except TimeoutError:
        sentence = f"The body did not arrive within {limits.body_seconds:.0f} seconds. Send it again."
        raise ServingError(Fault.SLOW_BODY, sentence) from None


async def _body(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise body_too_large(limit)
        more = message.get("more_body", False)
    return b"".join(parts)


async def _send(reply: Reply, send: Send) -> None:
    headers = {**reply.headers, "Content-Length": str(len(reply.body)), "X-Content-Type-Options": "nosniff"}
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": encoded})
    await send({"type": "http.response.body", "body": reply.body})
