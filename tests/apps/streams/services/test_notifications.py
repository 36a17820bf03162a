from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from apps.streams.models import Outbox
from apps.streams.services import notifications
from apps.streams.services.events import append_event

pytestmark = pytest.mark.django_db(transaction=True)
Told = list[tuple[str, int]]


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

    assert notifications.relay_outbox(now=timezone.now() + later(2)) == 3
    assert not Outbox.objects.exists()


def test_the_relay_tells_each_stream_once_and_the_latest(
    broken_redis: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(3)
    write(2, stream="chat:outsider")
    calls: Told = []
    monkeypatch.setattr(notifications, "send_grew", lambda *, stream, seq: calls.append((stream, seq)))

    notifications.relay_outbox(now=timezone.now() + later(2))

    assert calls == [("chat:customer", 3), ("chat:outsider", 2)]


def test_the_relay_leaves_what_is_on_its_way(broken_redis: pytest.MonkeyPatch) -> None:
    write(1)

    assert notifications.relay_outbox(now=timezone.now()) == 0


def test_the_relay_keeps_what_it_could_not_tell(broken_redis: pytest.MonkeyPatch) -> None:
    write(1)

    with pytest.raises(RedisConnectionError):
        notifications.relay_outbox(now=timezone.now() + later(2))
    assert Outbox.objects.count() == 1
