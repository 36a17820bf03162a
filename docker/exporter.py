"""What Prometheus reads from one container: the counts of all its processes, and their memory.

Each container has a page of its own because the counting files are named by process number, and process
numbers repeat from container to container.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

PORT_SECONDS = 10.0


class ProgramCollector(Collector):
    """The memory of a program and everything it started, this exporter left out."""

    def __init__(self, program: int) -> None:
        self._program = program

    def collect(self) -> Iterator[GaugeMetricFamily]:
        processes = [psutil.Process(self._program)]
        processes += [child for child in processes[0].children(recursive=True) if child.pid != os.getpid()]
        memory = GaugeMetricFamily(
            "berth_process_memory_bytes", "Resident memory of the container's program."
        )
        memory.add_metric([], sum(resident_bytes(process) for process in processes))
        yield memory


class DeadGaugeSweeper(Collector):
    """Before the counts are read: forget the gauges of processes that ended without saying so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for file in self._folder.glob("gauge_live*.db"):
            pid = int(file.stem.rpartition("_")[2])
            if not psutil.pid_exists(pid):
                mark_process_dead(pid)  # type: ignore[no-untyped-call]  # prometheus_client leaves it untyped
        yield from ()


def resident_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def open_page(port: int, registry: CollectorRegistry) -> None:
    """Where a program was started again at once, the page of the one before has the port for a moment yet."""
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        try:
            start_http_server(port, registry=registry)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def main() -> None:
    program = os.getppid()
    registry = CollectorRegistry()
    registry.register(DeadGaugeSweeper(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])))
    registry.register(ProgramCollector(program))
    if os.environ.get("EXPORT_RUNS") == "1":
        # Here: this page ends with its program, and only one container of a deployment needs to ask.
        from runs import RunCollector

        registry.register(RunCollector(os.environ["DATABASE_URL"]))
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client leaves it untyped
    open_page(int(sys.argv[1]), registry)
    # Without its program the page would go on telling that all is well.
    while os.getppid() == program:
        time.sleep(1)


if __name__ == "__main__":
    main()
