"""Alive: this process answers. Ready: it can do its work, so send it requests."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string
from health_check.base import HealthCheck
from health_check.checks import Database
from health_check.exceptions import ServiceUnavailable
from redis.asyncio import Redis as RedisClient
from redis.exceptions import RedisError, ResponseError

# Kept, for to give them up is to wait for them: a store that hangs would hold up every socket of the process.
CHECKERS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="health")


class Redis(HealthCheck):  # type: ignore[misc]  # django-health-check has no types
    """Writes: one that is full answers a ping, while whoever chats or uses a key is refused."""

    async def run(self) -> None:
        try:
            async with RedisClient.from_url(settings.REDIS_URL) as client:
                await client.set("berth-ready", 1, ex=60)
        except ResponseError as error:
            raise ServiceUnavailable(f"Redis takes nothing: {error}") from error
        except RedisError as error:
            raise ServiceUnavailable("Redis does not answer.") from error


class Migrations(HealthCheck):  # type: ignore[misc]  # django-health-check has no types
    """Tables as this code expects them; once they are they stay so, and asking again would cost."""

    are_applied = False

    def run(self) -> None:
        if Migrations.are_applied:
            return
        try:
            with connection.temporary_connection():
                executor = MigrationExecutor(connection)
                plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError as error:
            raise ServiceUnavailable("The database does not answer.") from error
        if plan:
            raise ServiceUnavailable(f"{len(plan)} migrations are missing: run `manage.py migrate`.")
        Migrations.are_applied = True


def readiness_checks() -> list[HealthCheck]:
    """An app adds its own in its AppConfig: `readiness_checks = ("apps.serving.health.ModelsLoaded",)`."""
    named = [name for config in apps.get_app_configs() for name in getattr(config, "readiness_checks", ())]
    return [Database(), Redis(), Migrations(), *(import_string(name)() for name in named)]


def check_name(check: HealthCheck) -> str:
    """ModelsLoaded is models_loaded to those who read the answer."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(check).__name__).lower()


async def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "live"})


async def ready(request: HttpRequest) -> JsonResponse:
    results: list[Any] = await asyncio.gather(*(check.get_result(CHECKERS) for check in readiness_checks()))
    checks = {check_name(result.check): str(result.error or "ok") for result in results}
    is_ready = not any(result.error for result in results)
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "checks": checks}, status=200 if is_ready else 503
    )
