import socket
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.project.celery import app as celery
from apps.registry import tasks
from apps.registry.families import Family
from apps.registry.models import Run, RunState
from apps.registry.services import claims
from tests.apps.registry.factories import make_run

pytestmark = pytest.mark.django_db


def test_the_sweep_sends_what_waits_once(family: Family, dispatched: list[int]) -> None:
    run = make_run(family)

    tasks.sweep_runs()
    tasks.sweep_runs()

    assert dispatched == [run.pk]


def test_who_waited_longest_is_sent_first(family: Family, dispatched: list[int]) -> None:
    runs = [make_run(family) for _ in range(3)]

    tasks.sweep_runs()

    assert dispatched == [run.pk for run in runs]


def test_the_sweep_gives_a_lost_run_to_another_worker(family: Family, dispatched: list[int]) -> None:
    run = make_run(family)
    long_ago = timezone.now() - timedelta(minutes=5)
    claims.claim_run(run_id=run.pk, worker="lost", at=long_ago)

    tasks.sweep_runs()

    assert dispatched == [run.pk]
    assert Run.objects.get().state == RunState.QUEUED


def test_a_message_that_comes_twice_is_no_work(family: Family, dispatched: list[int]) -> None:
    run = make_run(family)
    claims.claim_run(run_id=run.pk, worker="first", at=timezone.now())

    tasks.execute_run(run.pk)

    assert Run.objects.get().claimed_by == "first"


def test_who_clicks_waits_a_moment_for_a_redis_that_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        with celery.connection_for_write(address) as connection:
            assert connection.transport.driver_type == "redis"  # imported before time is taken
            started = time.monotonic()
            assert not tasks.send(tasks.execute_run, 1, connection=connection)
            assert time.monotonic() - started < 3


def test_profiles_wait_until_no_run_does_and_hold_no_short_work_up(
    family: Family, dispatched: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    profiled: list[tuple[int, str]] = []
    monkeypatch.setattr(
        tasks.complete_profile, "apply_async", lambda args, queue, expires: profiled.append((*args, queue))
    )
    run = make_run(family)
    tasks.sweep_runs()
    assert profiled == []

    Run.objects.update(state=RunState.SUCCEEDED)
    tasks.sweep_runs()

    assert profiled == [(run.dataset_id, tasks.TRAINING_QUEUE)]
