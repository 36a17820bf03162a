import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from apps.registry.families import Family
from apps.registry.models import Run, RunState
from apps.registry.services.run_folders import KEPT, SCRATCH_KEPT, clear_run_folders, clear_scratch
from tests.apps.registry.factories import NOW, make_run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "ended", "stays"),
    [
        (RunState.SUCCEEDED, NOW, False),
        (RunState.FAILED, NOW, True),
        (RunState.FAILED, NOW - KEPT - timedelta(days=1), False),
        (RunState.QUEUED, None, True),
    ],
)
def test_a_folder_stays_while_its_run_may_be_resumed_or_looked_into(
    family: Family, state: str, ended: object, stays: bool
) -> None:
    run = make_run(family)
    Run.objects.filter(pk=run.pk).update(state=state, finished_at=ended)
    folder = Path(settings.RUN_WORK_DIR) / str(run.pk)
    (folder / "checkpoint").mkdir(parents=True)

    clear_run_folders(at=NOW)

    assert folder.exists() == stays


@pytest.mark.parametrize(("hours", "stays"), [(-1, False), (1, True)])
def test_what_a_killed_worker_was_packing_goes_once_nobody_can_be_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int, stays: bool
) -> None:
    monkeypatch.setattr(settings, "SCRATCH_DIR", tmp_path)
    folder = tmp_path / "berth-compress-abc"
    (folder / "runtimes").mkdir(parents=True)
    touched = (NOW - SCRATCH_KEPT + timedelta(hours=hours)).timestamp()
    os.utime(folder, (touched, touched))

    clear_scratch(at=NOW)

    assert folder.exists() == stays
