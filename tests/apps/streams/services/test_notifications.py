import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from apps.streams.models import Outbox
from apps.streams.services import notifications
from apps.streams.services.events import append_event

pytestmark = pytest.mark.django_db(transaction=True)
Told = list[tuple[str, int]]


@pytest.fixture(autouse=True)
def no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "_silent_until", 0.0)


@pytest.fixture
def hanging_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It takes connections, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        notifications._redis.cache_clear()
        yield
    notifications._redis.cache_clear()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    calls: Told = []
    monkeypatch.setattr(notifications, "send_grew", lambda *, stream, seq: calls.append((stream, seq)))
    return calls


@pytest.fixture
def broken_redis(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    def refuse(*, stream: str, seq: int) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(notifications, "send_grew", refuse)
    return monkeypatch


def write(count: int, stream: str = "chat:customer") -> None:
    for number in range(count):
        append_event(stream=stream, kind="message", payload={"number": number})


def later(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_listeners_are_told_after_the_commit_and_not_before(told: Told) -> None:
    with transaction.atomic():
        write(1)
        assert told == []

    assert told == [("chat:customer", 1)]


def test_a_lost_notification_is_told_by_the_relay(broken_redis: pytest.MonkeyPatch) -> None:
    write(3)
    broken_redis.undo()

    assert notifications.relay_outbox(at=timezone.now() + later(2)) == 3
    assert not Outbox.objects.exists()


def test_the_relay_tells_each_stream_once_and_the_latest(
    broken_redis: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(3)
    write(2, stream="chat:outsider")
    calls: Told = []
    monkeypatch.setattr(notifications, "send_grew", lambda *, stream, seq: calls.append((stream, seq)))

    notifications.relay_outbox(at=timezone.now() + later(2))

    assert calls == [("chat:customer", 3), ("chat:outsider", 2)]


def test_a_redis_that_hangs_costs_a_moment_and_only_once(hanging_redis: None) -> None:
    started = time.monotonic()
    write(20)

    assert time.monotonic() - started < 3
    assert Outbox.objects.count() == 20


def test_a_redis_that_was_away_is_asked_again_after_a_while(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "_silent_until", time.monotonic() + 0.2)
    write(1)
    time.sleep(0.3)
    write(1)

    assert told == [("chat:customer", 2)]


def test_the_relay_leaves_what_is_on_its_way(broken_redis: pytest.MonkeyPatch) -> None:
    write(1)

    assert notifications.relay_outbox(at=timezone.now()) == 0


def test_the_relay_keeps_what_it_could_not_tell(broken_redis: pytest.MonkeyPatch) -> None:
    write(1)

    with pytest.raises(RedisConnectionError):
        notifications.relay_outbox(at=timezone.now() + later(2))
    assert Outbox.objects.count() == 1
