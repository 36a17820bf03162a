import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.registry.families import Family
from apps.registry.models import Run, RunState, Version
from apps.registry.models.runs import HEART_STOPPED_AFTER
from apps.registry.services.claims import requeue_stale_runs
from tests.apps.registry.factories import make_run, make_tiny_family, registered
from tests.modelcore.tiny import make_tiny_backbone

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 2
EPOCHS = 40


@pytest.fixture
def tiny_family(tmp_path: Path) -> Iterator[Family]:
    with registered(make_tiny_family(make_tiny_backbone(tmp_path / "tiny"))) as declared:
        yield declared


def start_worker(place: Path, environment: dict[str, str], *runs: Run) -> "subprocess.Popen[bytes]":
    given = [str(place), *(str(run.pk) for run in runs)]
    command = [sys.executable, "-m", "tests.apps.registry.worker", *given]
    return subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)


def wait_until_training(run: Run, worker: "subprocess.Popen[bytes]") -> None:
    while worker.poll() is None:
        run.refresh_from_db()
        if run.state == RunState.RUNNING and run.phase == "train" and run.step:
            return
        time.sleep(0.02)


def kill_during_training(run: Run, place: Path, environment: dict[str, str], after: float) -> None:
    worker = start_worker(place, environment, run)
    wait_until_training(run, worker)
    time.sleep(after)
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def fitted(run: Run) -> Any:
    """The weights and what they were judged by; which runtime serves them is a matter of speed that day."""
    manifest = Version.objects.get(run=run).manifest
    metrics = {name: value for name, value in manifest["metrics"].items() if name != "training"}
    return manifest["files"]["model.safetensors"], manifest["calibration"], metrics


def test_a_run_that_is_killed_ends_as_if_it_had_not_been(
    tiny_family: Family, tmp_path: Path, store_environment: dict[str, str]
) -> None:
    undisturbed = make_run(tiny_family, epochs=EPOCHS)
    run = make_run(tiny_family, epochs=EPOCHS)
    moments = random.Random(5)

    for kill in range(KILLS):
        kill_during_training(run, tmp_path, store_environment, moments.uniform(0.3, 1.5))
        later = timezone.now() + HEART_STOPPED_AFTER + timedelta(seconds=1)
        run.refresh_from_db()
        assert run.is_worker_lost(later)
        assert requeue_stale_runs(at=later) == [run.pk]
        assert Run.objects.get(pk=run.pk).attempt == kill + 1
    assert start_worker(tmp_path, store_environment, run, undisturbed).wait() == 0

    first_steps = [
        run.progress.filter(attempt=attempt, phase="train", step__gt=0).first()
        for attempt in range(2, KILLS + 2)
    ]
    assert all(line is None or line.step > 1 for line in first_steps)
    assert fitted(run) == fitted(undisturbed)
