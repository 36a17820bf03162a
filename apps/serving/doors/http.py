"""Which path and method leads where, and what becomes of errors."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable

from apps.serving.doors import openai, v2
from apps.serving.doors.exchange import Exchange, Reply, error_reply
from apps.serving.doors.visit import CANCELLED, Visit
from apps.serving.errors import Fault, ServingError
from apps.serving.loading import limits

logger = logging.getLogger(__name__)

Handler = Callable[[Visit, Exchange, v2.Groups], Awaitable[Reply]]
MODEL = r"/v2/models/(?P<model>[^/]+)(?:/versions/(?P<version>[^/]+))?"
ROUTES: tuple[tuple[str, re.Pattern[str], Handler], ...] = tuple(
    (method, re.compile(pattern), handler)
    for method, pattern, handler in (
        ("POST", rf"{MODEL}/infer", v2.model_infer),
        ("POST", r"/v1/embeddings", openai.embeddings),
        ("GET", r"/v2/health/live", v2.live),
        ("GET", r"/v2/health/ready", v2.ready),
        ("GET", r"/v2", v2.server_metadata),
        ("GET", rf"{MODEL}/ready", v2.model_ready),
        ("GET", MODEL, v2.model_metadata),
        ("POST", r"/v2/repository/index", v2.repository_index),
        ("GET", r"/v1/models", openai.list_models),
        ("GET", r"/v1/models/(?P<model>[^/]+)", openai.retrieve_model),
    )
)


def is_ours(path: str) -> bool:
    return path in ("/v1", "/v2") or path.startswith(("/v1/", "/v2/"))


async def handle(exchange: Exchange) -> Reply:
    """Answers any request below /v2 and /v1; whatever goes wrong becomes a reply."""
    visit = _visit(exchange.path)
    try:
        handler, groups = _route(exchange)
        reply = await handler(visit, exchange, groups)
        visit.end("ok" if reply.status < 400 else "not_ready")
        return reply
    except ServingError as refused:
        error = refused
    except asyncio.CancelledError:
        visit.end(CANCELLED)
        raise
    except Exception:  # the last resort of a server: logged, and told as JSON
        logger.exception("%s %s failed", exchange.method, exchange.path)
        error = ServingError(Fault.INTERNAL, "The server failed on this request; its log says why.")
    return _refused(visit, error)


def refuse(path: str, error: ServingError) -> Reply:
    """The answer to a request that was not read to its end."""
    return _refused(_visit(path), error)


def _visit(path: str) -> Visit:
    return Visit("openai" if path.startswith("/v1/") else "http", limits())


def _refused(visit: Visit, error: ServingError) -> Reply:
    visit.end(error.status.code)
    return error_reply(error, openai=visit.door == "openai")


def methods_of(method: str) -> tuple[str, ...]:
    """The server in front sends no body in answer to a HEAD, so that it is answered as a GET."""
    return ("GET", "HEAD") if method == "GET" else (method,)


def _route(exchange: Exchange) -> tuple[Handler, v2.Groups]:
    path = exchange.path.rstrip("/")
    allowed: list[str] = []
    for method, pattern, handler in ROUTES:
        match = pattern.fullmatch(path)
        if match and exchange.method in methods_of(method):
            groups = match.groupdict()
            return handler, {"model": groups.get("model"), "version": groups.get("version")}
        if match:
            allowed.extend(methods_of(method))
    if allowed:
        raise ServingError(Fault.METHOD, f"Use {' or '.join(allowed)} here.", allowed=tuple(allowed))
    raise ServingError(Fault.UNKNOWN_PATH, "There is nothing here. /api/docs/ lists what there is.")
