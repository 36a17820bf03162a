"""A request and its reply, without any web framework: what the HTTP doors read and write."""

import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.serving.errors import Fault, ServingError, malformed, too_large

JSON = {"Content-Type": "application/json"}
# zlib's own numbering: 32 + 15 reads gzip and zlib alike.
ANY_WINDOW = 47
CODINGS = ("gzip", "x-gzip", "deflate")


@dataclass(frozen=True)
class Exchange:
    """One request. Header names are lower-case; `peer` is the address that the connection came from."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    peer: str


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)


def json_reply(value: Mapping[str, Any], status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode())


def error_reply(error: ServingError, *, openai: bool) -> Reply:
    status = error.status
    body: dict[str, Any] = {"error": error.sentence, "code": status.code}
    if openai:
        inner = {"message": error.sentence, "type": status.openai, "param": error.param, "code": status.code}
        body = {"error": inner}
    headers = dict(JSON)
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_seconds)))
    if error.allowed:
        headers["Allow"] = ", ".join(error.allowed)
    if error.fault is Fault.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    if error.fault is Fault.SLOW_BODY:
        # What may still come of it is no request.
        headers["Connection"] = "close"
    return Reply(status.http, json.dumps(body).encode(), headers)


def unpacked(exchange: Exchange, limit: int) -> bytes:
    """The body without its content coding.

    Raises:
        ServingError: another coding than gzip or deflate, damaged, or longer than `limit` bytes unpacked.
    """
    coding = exchange.headers.get("content-encoding", "identity").lower()
    if coding == "identity":
        body = exchange.body
    elif coding in CODINGS:
        body = _decompressed(exchange.body, limit)
    else:
        raise malformed(f"The content coding {coding[:20]!r} is not one of gzip, deflate.")
    if len(body) > limit:
        raise body_too_large(limit)
    return body


def _decompressed(packed: bytes, limit: int) -> bytes:
    decompressor = zlib.decompressobj(ANY_WINDOW)
    try:
        body = decompressor.decompress(packed, limit + 1)
    except zlib.error:
        raise malformed("The body isn't what its Content-Encoding says.") from None
    if not decompressor.eof and len(body) <= limit:
        raise malformed("The compressed body is cut short.")
    if decompressor.unused_data:
        # No client packs in parts, and a body of very many tiny ones would cost minutes.
        raise malformed("Bytes follow the end of the compressed body. Pack it in one piece.")
    return body


def body_too_large(limit: int) -> ServingError:
    return too_large(f"The body is larger than {limit} bytes. Send the texts in parts.")
