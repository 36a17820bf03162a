"""Which path and method leads where, and what becomes of errors."""

import logging
import re
from collections.abc import Awaitable, Callable

from apps.serving.doors import openai, v2
from apps.serving.doors.exchange import Exchange, Reply, error_reply
from apps.serving.doors.visit import Visit
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
    return path == "/v2" or path.startswith(("/v2/", "/v1/embeddings", "/v1/models"))


async def handle(exchange: Exchange) -> Reply:
    """Answers any request below /v2 and /v1; whatever goes wrong becomes a reply."""
    is_openai = exchange.path.startswith("/v1/")
    visit = Visit("openai" if is_openai else "http", limits())
    try:
        handler, groups = _route(exchange)
        reply = await handler(visit, exchange, groups)
        visit.end("ok" if reply.status < 400 else "not_ready")
        return reply
    except ServingError as refused:
        error = refused
    except Exception:  # the last resort of a server: logged, and told as JSON
        logger.exception("%s %s failed", exchange.method, exchange.path)
        error = ServingError(Fault.INTERNAL, "The server failed on this request; its log says why.")
    visit.end(error.status.code)
    return error_reply(error, openai=is_openai)


def _route(exchange: Exchange) -> tuple[Handler, v2.Groups]:
    path = exchange.path.rstrip("/")
    allowed = []
    for method, pattern, handler in ROUTES:
        match = pattern.fullmatch(path)
        if match and method == exchange.method:
            groups = match.groupdict()
            return handler, {"model": groups.get("model"), "version": groups.get("version")}
        if match:
            allowed.append(method)
    if allowed:
        raise ServingError(Fault.METHOD, f"Use {' or '.join(allowed)} here.")
    raise ServingError(Fault.UNKNOWN_PATH, "There is nothing here. GET /v2 says what this server speaks.")
