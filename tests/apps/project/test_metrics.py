import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import RequestFactory

from apps.project.metrics import metrics_view

COUNT = """
from apps.project.metrics import TASKS, TASK_SECONDS
for _ in range({times}):
    TASKS.labels("example", "SUCCESS").inc()
    TASK_SECONDS.labels("example").observe(0.5)
"""


SERVE = """
from apps.serving.metrics import live_version
live_version.labels("example", "champion").set(7)
"""


def run_in_a_process(source: str, folder: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    subprocess.run([sys.executable, "-c", source], env=environment, check=True)


def shown() -> str:
    return metrics_view(RequestFactory().get("/metrics")).content.decode()


def test_the_count_is_the_sum_over_processes_ended_ones_included(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    for times in (3, 4, 5):
        run_in_a_process(COUNT.format(times=times), tmp_path)

    assert 'berth_tasks_total{state="SUCCESS",task="example"} 12.0' in shown()
    assert re.search(r'berth_task_seconds_sum\{task="example"\} 6\.0', shown())


def test_a_process_that_ended_serves_no_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    run_in_a_process(SERVE, tmp_path)

    assert list(tmp_path.glob("gauge_liveall_*.db"))
    assert "berth_serving_live_version" not in shown()
