import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from apps.project.processes import Program
from apps.project.supervisor import Supervisor

SLEEP = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
PARENT = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', '{SLEEP}']); time.sleep(600)"


def program(folder: Path, code: str) -> Program:
    return Program(name="example", command=[sys.executable, "-c", code], log=folder / "example.log")


def eventually(is_true: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_true()


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_who_ends_is_started_again_after_a_wait(supervisor: Supervisor, tmp_path: Path) -> None:
    child = supervisor.start(program(tmp_path, SLEEP))
    first = child.process.pid
    child.process.kill()
    child.process.wait()

    supervisor.restart_dead()
    assert child.process.pid == first
    time.sleep(1.1)
    supervisor.restart_dead()
    assert child.process.pid != first


def test_waits_double_and_who_keeps_ending_is_named(supervisor: Supervisor, tmp_path: Path) -> None:
    child = supervisor.start(program(tmp_path, "raise SystemExit(3)"))
    waits = []
    for _ in range(3):
        child.process.wait()
        supervisor.restart_dead()
        assert child.restart_at is not None
        waits.append(round(child.restart_at - time.monotonic()))
        child.restart_at = time.monotonic()
        supervisor.restart_dead()

    assert waits == [1, 2, 4]
    assert supervisor.failed_often(3) is child.program


def test_stopping_insists(supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.project.supervisor.STOP_SECONDS", 0.3)
    child = supervisor.start(program(tmp_path, STUBBORN))
    time.sleep(0.3)

    supervisor.stop()

    assert child.process.returncode is not None


def test_what_a_program_started_ends_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    child = supervisor.start(program(tmp_path, PARENT))
    assert eventually(lambda: len(psutil.Process(child.process.pid).children()) == 1)
    grandchild = psutil.Process(child.process.pid).children()[0].pid

    supervisor.stop()

    assert eventually(lambda: is_gone(grandchild))


def test_kill_9_of_the_supervisor_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from apps.project.processes import Program\n"
        f"child = Program('example', [sys.executable, '-c', {STUBBORN!r}], Path({str(tmp_path)!r}) / 'log')\n"
        "print(child.start().pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())

    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()

    assert eventually(lambda: is_gone(child))
