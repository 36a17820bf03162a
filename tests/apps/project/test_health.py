import asyncio
import json
import threading
from collections.abc import Iterator

import pytest
import redis
from django.apps import apps
from django.db import connection
from django.test import AsyncClient, RequestFactory
from health_check.exceptions import ServiceUnavailable
from pytest_django import Settings

from apps.project import health
from apps.serving.health import ModelsLoaded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def forgets_what_it_knew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.Migrations, "are_applied", False)
    # Models are the serving app's to test; asking for them starts a thread that follows the registry.
    monkeypatch.setattr(apps.get_app_config("serving"), "readiness_checks", (), raising=False)


async def checks(client: AsyncClient) -> tuple[int, dict[str, str]]:
    answer = await client.get("/health/ready")
    return answer.status_code, json.loads(answer.content)["checks"]


async def test_live_asks_nothing_of_the_stores(async_client: AsyncClient, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert (await async_client.get("/health/live")).status_code == 200


async def test_ready_when_stores_and_tables_are(async_client: AsyncClient) -> None:
    _status, seen = await checks(async_client)

    assert {name: seen[name] for name in ("database", "redis", "migrations")} == {
        "database": "ok",
        "redis": "ok",
        "migrations": "ok",
    }


async def test_not_ready_without_redis(async_client: AsyncClient, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, seen = await checks(async_client)

    assert status == 503
    assert seen["redis"] != "ok"


@pytest.fixture
def read_only_redis(settings: Settings) -> Iterator[None]:
    """To this user the Redis of the tests is what one is that has no room: it answers, and takes nothing."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.acl_setuser("reader", enabled=True, passwords=["+word"], categories=["+@all", "-@write"])
        settings.REDIS_URL = settings.REDIS_URL.replace("://", "://reader:word@", 1)
        yield
        client.acl_deluser("reader")


async def test_not_ready_where_redis_takes_nothing(async_client: AsyncClient, read_only_redis: None) -> None:
    status, seen = await checks(async_client)

    assert status == 503
    assert "Redis takes nothing" in seen["redis"]


async def test_a_store_that_hangs_holds_up_nothing_else(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A probe that gave up must not make everybody else wait for what it asked."""
    asked, is_back, ended = threading.Event(), threading.Event(), list[bool]()

    def hang(_check: health.Migrations) -> None:
        asked.set()
        ended.append(is_back.wait(10))

    monkeypatch.setattr(health.Migrations, "run", hang)
    probe = asyncio.create_task(health.ready(rf.get("/health/ready")))
    await asyncio.to_thread(asked.wait, 10)
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    is_back.set()

    assert not ended


async def test_what_is_not_ready_says_why_in_one_line(
    async_client: AsyncClient, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """A probe asks every second while a site starts."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    await checks(async_client)

    (line,) = [record for record in caplog.records if record.name == "health_check"]
    assert line.exc_info is None
    assert "Redis" in line.getMessage()
    assert "\n" not in line.getMessage()


def test_every_check_has_a_name_that_people_can_read() -> None:
    names = [health.check_name(check) for check in [*health.readiness_checks(), ModelsLoaded()]]

    assert names == ["database", "redis", "migrations", "models_loaded"]


def test_missing_migrations_are_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'streams'")
    try:
        with pytest.raises(ServiceUnavailable, match="migrations are missing"):
            health.Migrations().run()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('streams', '0001_initial', now())"
            )
