"""Child processes that never outlive the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def die_with(parent: int, stop_signal: signal.Signals) -> None:
    """Have the kernel signal this process when its parent is gone, even killed.

    Args:
        parent: the parent's number as it was when it was surely alive; if it is gone already, so is this.
    """
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, int(stop_signal))
    if os.getppid() != parent:
        os._exit(1)


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    log: Path
    folder: Path = Path("/")
    stop_signal: signal.Signals = signal.SIGTERM
    # Sent by the kernel when the parent is gone: nobody is left to insist, so it cannot be put off.
    orphan_signal: signal.Signals = signal.SIGKILL
    # A store outlives those that use it.
    stops_last: bool = False
    # What a crash may have left in the way.
    before_start: Callable[[], None] | None = None
    user: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def start(self) -> subprocess.Popen[bytes]:
        """Start in a session of its own, so that Ctrl-C in a terminal reaches the supervisor alone."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.before_start is not None:
            self.before_start()
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 -- every command is one of ours
                self.command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                preexec_fn=partial(die_with, os.getpid(), self.orphan_signal),
            )


def stop_process(
    process: subprocess.Popen[bytes], stop_signal: signal.Signals, *, patience_seconds: float
) -> None:
    if process.poll() is not None:
        return
    process.send_signal(stop_signal)
    try:
        process.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
