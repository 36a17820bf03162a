"""A web process takes connections once the live models are loaded, so each of several is ready."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from apps.serving.errors import ServingError
from apps.serving.live import LiveModels
from apps.serving.loading import live_models

# A store that hangs keeps the pages, where people would look why, away no longer.
LONGEST_SECONDS = 30.0
POLL_SECONDS = 0.05

Message = MutableMapping[str, Any]


async def models_first(
    _scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """ASGI's lifespan protocol: it is asked to start, and later to end."""
    await receive()
    await asyncio.to_thread(_load)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def _load() -> None:
    models = live_models()
    deadline = time.monotonic() + LONGEST_SECONDS
    while _is_loading(models) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _is_loading(models: LiveModels) -> bool:
    """Not where a version or the registry can't be had: readiness tells that, and it is tried again."""
    try:
        states = models.states()
    except ServingError:
        return False
    return any(state.live is None and state.failure is None for state in states)
