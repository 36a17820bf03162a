"""The small programs that a container has beside Berth."""

import http.server
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.deployment.composefile import DOCKER, ROOT, clean_environment
from tests.ports import free_ports

SLEEP = ("python", "-c", "import time; time.sleep(60)")


class NotReady(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # the name that http.server calls
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b"the database does not answer")

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def not_ready() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), NotReady) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/health/ready"
        server.shutdown()


def probe(address: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DOCKER / "probe.py"), address]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def start(tmp_path: Path, *command: str, metrics_port: int | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "docker/start.py", *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={
            **clean_environment(),
            "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
            "METRICS_PORT": str(metrics_port or ""),
            "TMPDIR": str(tmp_path / "scratch"),
        },
    )


def read_page(port: int) -> str:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as response:
                return str(response.read().decode())
        except OSError:
            assert time.monotonic() < deadline, "the metrics page never came up"
            time.sleep(0.1)


def test_a_probe_says_why_a_service_is_not_well(not_ready: str) -> None:
    outcome = probe(not_ready)
    assert outcome.returncode == 1
    assert "503: the database does not answer" in outcome.stderr


@pytest.mark.parametrize("scheme", ["http", "grpc"])
def test_a_probe_of_a_closed_port_fails(scheme: str) -> None:
    (port,) = free_ports(1)
    assert probe(f"{scheme}://127.0.0.1:{port}").returncode == 1


def test_the_program_takes_the_place_of_what_started_it(tmp_path: Path) -> None:
    process = start(tmp_path, "python", "-c", "import os; print(os.getpid())")
    told, _ = process.communicate(timeout=30)
    assert int(told) == process.pid


def test_a_program_packs_in_the_folder_that_it_is_told(tmp_path: Path) -> None:
    process = start(tmp_path, "python", "-c", "import tempfile; print(tempfile.gettempdir())")
    told, _ = process.communicate(timeout=30)
    assert told.decode().strip() == str(tmp_path / "scratch")


def test_the_metrics_page_ends_with_its_program(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    process = start(tmp_path, *SLEEP, metrics_port=port)
    assert "berth_process_memory_bytes" in read_page(port)
    (exporter,) = psutil.Process(process.pid).children()
    process.kill()
    process.communicate()
    exporter.wait(timeout=10)


def test_a_program_that_is_started_again_at_once_has_its_page(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    first = start(tmp_path, *SLEEP, metrics_port=port)
    read_page(port)
    (before,) = psutil.Process(first.pid).children()
    before.suspend()
    first.kill()
    first.wait()
    second = start(tmp_path, *SLEEP, metrics_port=port)
    time.sleep(1)
    before.kill()
    first.communicate()
    assert "berth_process_memory_bytes" in read_page(port)
    second.kill()
    second.communicate()


def test_gauges_of_a_process_that_ended_are_forgotten(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    (tmp_path / "metrics").mkdir()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / "metrics" / f"gauge_livesum_{ended.pid}.db"
    left.write_bytes(bytes(1024))
    process = start(tmp_path, *SLEEP, metrics_port=port)
    read_page(port)
    process.kill()
    process.communicate()
    assert not left.exists()
