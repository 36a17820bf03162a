from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.project import clock
from apps.project.celery import app
from apps.project.clock import Clock

NOBODY_TAKES = "a queue that nobody takes from"


@pytest.fixture
def beat(tmp_path: Path) -> Iterator[Clock]:
    beat = Clock(app, schedule_filename=str(tmp_path / "schedule"))
    yield beat
    beat.producer.channel.client.delete(NOBODY_TAKES)
    beat.close()


def test_a_queue_that_nobody_takes_from_does_not_fill_redis(
    beat: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "MOST_WAITING", 2)
    entry = beat.Entry("route", "apps.support.tasks.route", app=app, options={"queue": NOBODY_TAKES})

    for _ in range(4):
        beat.apply_async(entry, advance=False)

    assert beat.producer.channel.client.llen(NOBODY_TAKES) == 2


def test_it_is_the_clock_of_beat() -> None:
    assert app.conf.beat_scheduler == "apps.project.clock:Clock"
