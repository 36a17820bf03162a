"""The services of docker/compose.yaml as processes of this machine, on the embedded PostgreSQL and Redis."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from apps.project.processes import die_with
from apps.project.supervisor import end_group
from tests.deployment.composefile import ROOT, Service, clean_environment, our_services, read_compose
from tests.ports import free_ports

VARIABLES = {
    "SECRET_KEY": "a-key-of-this-test-that-signs-nothing-which-leaves-the-machine",
    "ALLOWED_HOSTS": "berth.example",
    "POSTGRES_PASSWORD": "postgresPasswordOfThisTest",
    "REDIS_PASSWORD": "redisPasswordOfThisTest",
    "GRAFANA_PASSWORD": "grafanaPasswordOfThisTest",
    "SECURE": "0",
}
POSTGRES_IN_FILE = "postgres://berth:postgresPasswordOfThisTest@postgres:5432/berth"
REDIS_IN_FILE = "redis://:redisPasswordOfThisTest@redis:6379/0"
STARTED = ("web", "grpc", "worker", "worker-short", "beat")
READY_SECONDS = 90.0


@dataclass
class Deployment:
    """What runs, where it answers, and how to look inside."""

    folder: Path
    services: Mapping[str, Service]
    ports: Mapping[str, Mapping[str, int]]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                native_command(self.services[name].command),
                env={**clean_environment(), **self.services[name].environment},
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=partial(die_with, os.getpid(), signal.SIGKILL),
            )

    def run(self, name: str, *command: str) -> str:
        """What `docker compose run NAME COMMAND` prints; of its own command without one."""
        service = self.services[name]
        outcome = subprocess.run(
            native_command(command or service.command),
            env={**clean_environment(), **service.environment, "METRICS_PORT": ""},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=READY_SECONDS,
            check=False,
        )
        assert outcome.returncode == 0, f"{name}: {outcome.stdout}{outcome.stderr}"
        return outcome.stdout

    def wait_until_well(self, name: str) -> None:
        """Ask the service's own health check until it is content."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            probe = subprocess.run(
                native_command(self.services[name].probe),
                env=clean_environment(),
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            if probe.returncode == 0:
                return
            is_over = time.monotonic() > deadline or self.processes[name].poll() is not None
            assert not is_over, f"{name} is not well: {probe.stderr}\n{self.log(name)}"
            time.sleep(1)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-4000:]

    def address(self, name: str, path: str, port: int = 8000) -> str:
        return f"http://127.0.0.1:{self.ports[name][str(port)]}{path}"

    def metrics(self, name: str) -> str:
        with urllib.request.urlopen(self.address(name, "/metrics", 9100), timeout=10) as response:
            return str(response.read().decode())

    def wait_for_metric(self, name: str, wanted: str) -> str:
        deadline = time.monotonic() + READY_SECONDS
        while wanted not in (page := self.metrics(name)):
            assert time.monotonic() < deadline, f"{name} never said {wanted}:\n{page}\n{self.log('worker')}"
            time.sleep(0.5)
        return page

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            end_group(process.pid)


def native_command(command: tuple[str, ...]) -> list[str]:
    assert command[0] == "python", f"{command[0]} is not the interpreter of the image"
    return [sys.executable, *command[1:]]


def make_deployment(folder: Path, *, database_url: str, redis_url: str) -> Deployment:
    """Every service of ours with this machine's addresses and folders where the file has a container's."""
    declared = our_services(read_compose(VARIABLES))
    numbers = iter(free_ports(3 * len(declared)))
    ports = {name: {port: next(numbers) for port in ("8000", "8001", "9100")} for name in declared}
    services = {}
    for name, service in declared.items():
        shared = {
            POSTGRES_IN_FILE: database_url,
            REDIS_IN_FILE: redis_url,
            "/var/lib/berth": str(folder / "var"),
            "/app/staticfiles": str(folder / "static"),
            "/tmp/": f"{folder / name}/",
            "0.0.0.0": "127.0.0.1",
        }
        (folder / name).mkdir()
        services[name] = service.with_replaced(shared | {old: str(new) for old, new in ports[name].items()})
    return Deployment(folder, services, ports)
