"""The short form of the benchmark: a site of its own, every part of it killed at least once."""

import json
import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2]
SHORT = ("--messages", "240", "--conversations", "12", "--kills-every", "2", "--no-report")
OWN = ("DATABASE_URL", "REDIS_URL", "BERTH_VAR", "BERTH_TEST_FOLDER", "PYTEST_XDIST_WORKER")


def test_nothing_is_lost_doubled_or_reordered_through_kills() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in OWN}
    command = [sys.executable, "-m", "benchmarks.chaos", *SHORT]

    run = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, text=True, timeout=300)

    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert (found["messages"], found["lost"], found["twice"], found["out_of_order"]) == (240, 0, 0, 0)
    assert found["kills"].keys() == {"web", "one web process", "worker-short", "redis"}
