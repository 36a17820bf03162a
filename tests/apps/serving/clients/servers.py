"""A web and a gRPC process of their own, on free ports, with the stores of this test run."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from tritonclient.grpc import InferenceServerClient
from tritonclient.utils import InferenceServerException

from apps.project.processes import die_with, stop_process
from tests.ports import free_ports

ROOT = Path(__file__).parents[4]
START_SECONDS = 90


@dataclass(frozen=True)
class Servers:
    http: str
    grpc: str
    log: Path

    @property
    def url(self) -> str:
        return f"http://{self.http}"


def child_environment(**more: str) -> dict[str, str]:
    base, _, _ = str(settings.DATABASE_URL).rpartition("/")
    return {
        **os.environ,
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "REDIS_URL": str(settings.REDIS_URL),
        "DJANGO_SETTINGS_MODULE": "apps.project.settings.test",
        "OMP_NUM_THREADS": "1",
        **more,
    }


@contextmanager
def child(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            preexec_fn=partial(die_with, os.getpid(), signal.SIGKILL),
        )
        try:
            yield process
        finally:
            stop_process(process, signal.SIGTERM, patience_seconds=20)


@contextmanager
def running_servers(folder: Path, **more: str) -> Iterator[Servers]:
    environment = child_environment(**more)
    http_port, grpc_port = free_ports(2)
    servers = Servers(f"127.0.0.1:{http_port}", f"127.0.0.1:{grpc_port}", folder / "servers.log")
    web = ["apps.project.web", "--log-level", "warning", "--port", servers.http.rpartition(":")[2]]
    grpc = ["django", "serve_grpc", "--address", servers.grpc]
    with ExitStack() as stack:
        processes = [stack.enter_context(child(command, servers.log, environment)) for command in (web, grpc)]
        _wait_until_ready(servers, processes)
        yield servers


def _wait_until_ready(servers: Servers, processes: list[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if any(process.poll() is not None for process in processes):
            break
        if _is_ready(servers):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the servers did not start:\n{servers.log.read_text()}")


def _is_ready(servers: Servers) -> bool:
    try:
        urllib.request.urlopen(f"{servers.url}/v2/health/ready", timeout=5).close()
        with InferenceServerClient(servers.grpc) as client:
            return bool(client.is_server_ready(client_timeout=5))
    except (urllib.error.URLError, OSError, InferenceServerException):
        return False
