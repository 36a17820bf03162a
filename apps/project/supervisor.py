"""Keeps programs running: starts them, restarts with back-off, and ends all of them with itself."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

from apps.project.processes import Program, stop_process

logger = logging.getLogger("berth.supervisor")

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0
# Who ran this long had started well; the next failure counts as a first one.
STEADY_SECONDS = 60.0
STOP_SECONDS = 6.0


@dataclass
class Supervised:
    program: Program
    process: subprocess.Popen[bytes]
    started_at: float
    failures: int = 0
    restart_at: float | None = None


class Supervisor:
    """One process, one thread: the kernel ties the children's lives to the thread that started them."""

    def __init__(self) -> None:
        self._children: list[Supervised] = []

    def start(self, program: Program) -> Supervised:
        child = Supervised(program, program.start(), time.monotonic())
        self._children.append(child)
        return child

    def restart_dead(self, *, but: Supervised | None = None) -> None:
        now = time.monotonic()
        for child in self._children:
            if child is but:
                continue
            if child.restart_at is not None:
                if now >= child.restart_at:
                    child.process, child.started_at, child.restart_at = child.program.start(), now, None
                continue
            status = child.process.poll()
            if status is None:
                continue
            child.failures = 1 if now - child.started_at > STEADY_SECONDS else child.failures + 1
            wait = min(FIRST_WAIT_SECONDS * 2 ** (child.failures - 1), LONGEST_WAIT_SECONDS)
            child.restart_at = now + wait
            logger.warning(
                "%s ended with status %s and starts again in %.0f s; its log is %s",
                child.program.name,
                status,
                wait,
                child.program.log,
            )

    def failed_often(self, times: int) -> Program | None:
        """A program that keeps ending, so that waiting for it makes no sense."""
        return next((child.program for child in self._children if child.failures >= times), None)

    def stop(self, children: Sequence[Supervised] | None = None) -> None:
        """End these, or all: first those that use the stores, then the stores."""
        chosen = list(self._children if children is None else children)
        self._stop_together([child for child in chosen if not child.program.stops_last])
        self._stop_together([child for child in chosen if child.program.stops_last])

    def _stop_together(self, chosen: Sequence[Supervised]) -> None:
        """Ask all at once, wait together, then insist; whatever they started themselves goes with them."""
        for child in chosen:
            if child.process.poll() is None:
                child.process.send_signal(child.program.stop_signal)
        deadline = time.monotonic() + STOP_SECONDS
        for child in chosen:
            patience = max(0.1, deadline - time.monotonic())
            stop_process(child.process, child.program.stop_signal, patience_seconds=patience)
            end_group(child.process.pid)
        self._children = [child for child in self._children if child not in chosen]


def end_group(leader: int) -> None:
    """Each program leads a session of its own, so its group is it and its own children."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return
