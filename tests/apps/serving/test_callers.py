import asyncio
import contextlib
import math
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django.fixtures import Settings

from apps.accounts import rates
from apps.accounts.models import ApiKey, User
from apps.accounts.services.keys import key_digest
from apps.serving import callers
from apps.serving.callers import Caller, authenticate, spending
from apps.serving.errors import Fault, ServingError

pytestmark = pytest.mark.django_db(transaction=True)
LOCAL = "127.0.0.1"


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> ApiKey:
    monkeypatch.setattr(callers, "_known", {})
    owner = User.objects.create_user("owner")
    return ApiKey.objects.create(
        name="till", digest=key_digest("brt_till"), families=["a"], rate_per_minute=3, created_by=owner
    )


async def fault_of(headers: dict[str, str], peer: str = LOCAL) -> Fault:
    with pytest.raises(ServingError) as raised:
        await authenticate(headers, peer)
    return raised.value.fault


async def test_a_key_opens_its_families_and_no_others(key: ApiKey) -> None:
    caller = await authenticate({"authorization": "bearer brt_till"}, "203.0.113.9")
    caller.check("a")
    with pytest.raises(ServingError, match="not for b") as raised:
        caller.check("b")
    assert raised.value.fault is Fault.FORBIDDEN


def test_a_revoked_key_ends_once_it_is_forgotten(key: ApiKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "KEY_KEPT_SECONDS", 0.0)
    headers = {"authorization": "Bearer brt_till"}
    asyncio.run(authenticate(headers, LOCAL))
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    assert asyncio.run(fault_of(headers)) is Fault.UNAUTHENTICATED


async def test_who_is_over_the_rate_is_told_when_to_come_back(key: ApiKey) -> None:
    caller = Caller(f"test:{time.time()}", 3, key)
    for _ in range(3):
        async with spending(caller):
            pass
    for _ in range(2):
        with pytest.raises(ServingError, match="More than 3 requests a minute") as raised:
            async with spending(caller):
                pass
        assert raised.value.fault is Fault.OVER_QUOTA
        assert 1 <= math.ceil(raised.value.retry_after_seconds or 0) <= 60


async def test_whoever_is_over_the_rate_costs_no_second_computation(key: ApiKey) -> None:
    caller, computed = Caller(f"test:{time.time()}", 1, key), []
    for turn in range(4):
        with contextlib.suppress(ServingError):
            async with spending(caller):
                computed.append(turn)
    assert computed == [0, 1]


async def test_a_request_that_fails_counts_too(key: ApiKey) -> None:
    caller, computed = Caller(f"test:{time.time()}", 1, key), []
    for turn in range(4):
        with contextlib.suppress(ServingError, ValueError):
            async with spending(caller):
                computed.append(turn)
                raise ValueError("malformed")
    assert computed == [0, 1]


@pytest.mark.parametrize("header", ["", "Bearer", "Basic brt_till", "Bearer made-up", "\xff"])
async def test_without_a_key_the_door_is_closed(settings: Settings, header: str) -> None:
    settings.SERVING_ANONYMOUS = False
    assert await fault_of({"authorization": header}) is Fault.UNAUTHENTICATED


@pytest.mark.parametrize("header", ["", "Bearer made-up"])
async def test_a_demo_lets_programs_on_its_machine_in(settings: Settings, header: str) -> None:
    settings.SERVING_ANONYMOUS = True
    assert (await authenticate({"authorization": header}, LOCAL)).may_use("anything")


@pytest.mark.parametrize(
    ("headers", "peer"),
    [({}, "203.0.113.9"), ({}, ""), ({"x-forwarded-for": "203.0.113.9"}, LOCAL)],
)
async def test_but_nobody_from_elsewhere(settings: Settings, headers: dict[str, str], peer: str) -> None:
    settings.SERVING_ANONYMOUS = True
    assert await fault_of(headers, peer) is Fault.UNAUTHENTICATED


async def test_a_wrong_key_of_ours_is_never_anonymous(settings: Settings) -> None:
    settings.SERVING_ANONYMOUS = True
    assert await fault_of({"authorization": "Bearer brt_wrong"}) is Fault.UNAUTHENTICATED


async def test_guessing_keys_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "WRONG_KEYS_PER_MINUTE", 1)
    peer = f"guesser-{time.time()}"
    faults = [await fault_of({"authorization": "Bearer brt_guess"}, peer) for _ in range(2)]
    assert faults == [Fault.UNAUTHENTICATED, Fault.OVER_QUOTA]


async def test_a_revoked_key_is_no_guess_however_often_it_is_shown(
    key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "WRONG_KEYS_PER_MINUTE", 1)
    await ApiKey.objects.filter(pk=key.pk).aupdate(revoked_at=timezone.now())
    peer = f"till-{time.time()}"
    faults = [await fault_of({"authorization": "Bearer brt_till"}, peer) for _ in range(3)]
    assert faults == [Fault.UNAUTHENTICATED] * 3


async def test_without_redis_a_request_may_come_again(
    key: ApiKey, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_STORAGE_URL = f"redis://{LOCAL}:1/0"
    monkeypatch.setattr(rates, "limiter", rates.limiter.__wrapped__)
    with pytest.raises(ServingError, match="Try again in some seconds") as raised:
        async with spending(Caller("test", 3, key)):
            pass
    assert (raised.value.fault, raised.value.retry_after_seconds) == (Fault.NOT_READY, 5)


async def test_without_postgresql_a_key_may_come_again(key: ApiKey, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("HOST", LOCAL), ("PORT", 1)):
        monkeypatch.setitem(connections.settings["default"], name, value)
    # Threads that were there before keep their connections.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    with pytest.raises(ServingError, match="Try again in some seconds") as raised:
        await authenticate({"authorization": "Bearer brt_till"}, LOCAL)
    assert (raised.value.fault, raised.value.retry_after_seconds) == (Fault.NOT_READY, 5)
