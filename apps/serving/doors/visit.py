"""What the handling of one request needs, and what it leaves for the metrics."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from apps.accounts import rates
from apps.serving import metrics
from apps.serving.callers import Caller, authenticate, spending
from apps.serving.doors.exchange import Exchange
from apps.serving.limits import Limits
from apps.serving.live import LiveModels
from apps.serving.live_model import LiveModel
from apps.serving.loading import live_models, started_models

# Whoever asked went away: nobody's fault, and nobody is told but the metrics.
CANCELLED = "cancelled"


@dataclass
class Visit:
    door: str
    limits: Limits
    family: str = ""
    version: str = ""
    started_at: float = field(default_factory=time.perf_counter)

    async def models(self) -> LiveModels:
        models = started_models()
        return await asyncio.to_thread(live_models) if models is None else models

    async def is_ready(self) -> bool:
        """Whether a request with a key would be answered: by a live champion, after it was counted."""
        models = await self.models()
        return models.is_ready() and await asyncio.to_thread(rates.are_countable)

    @asynccontextmanager
    async def caller(self, exchange: Exchange) -> AsyncIterator[Caller]:
        """Who asks; whatever they are answered inside counts as one request of theirs."""
        caller = await authenticate(exchange.headers, exchange.peer)
        async with spending(caller):
            yield caller

    def answered_by(self, model: LiveModel) -> None:
        self.family, self.version = model.family, model.version

    def end(self, code: str) -> None:
        metrics.requests_total.labels(self.door, self.family, self.version, code).inc()
        metrics.request_seconds.labels(self.door, self.family).observe(time.perf_counter() - self.started_at)
