"""A client that offers HTTP/2 beside its request, as Java's and curl's do, is answered in HTTP/1.1."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from apps.project.demo_programs import FOLDER
from apps.project.processes import die_with, stop_process
from apps.project.supervisor import end_group
from apps.project.web import OPTIONS
from tests.ports import free_ports
from tests.waiting import wait_until

ECHO = "tests.apps.project.echo:application"
BODY = b'{"inputs": []}'
OFFER = (
    b"POST /v2/models/any/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n"
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\n\r\n"
) % len(BODY)
LIVE = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.fixture
def echoing() -> Iterator[int]:
    """The port of the web server with its options, in front of an application that echoes."""
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", ECHO, *OPTIONS, "--lifespan=off", "--port", str(port)],
        cwd=FOLDER,
        preexec_fn=partial(die_with, os.getpid(), signal.SIGKILL),
    )
    try:
        wait_until(lambda: listens(port), seconds=30)
        yield port
    finally:
        stop_process(process, signal.SIGTERM, patience_seconds=10)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answer_to(port: int, *packets: bytes, ends: bytes = BODY) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for packet in packets:
            connection.sendall(packet)
            time.sleep(0.1)
        return answer_on(connection, ends)


def answer_on(connection: socket.socket, ends: bytes) -> bytes:
    """What comes until it ends so, or the connection does."""
    answer = b""
    while not answer.endswith(ends) and (part := connection.recv(4096)):
        answer += part
    return answer


@pytest.mark.parametrize("packets", [(OFFER + BODY,), (OFFER, BODY)], ids=["at once", "in two"])
def test_the_body_beside_an_offer_of_http_2_arrives(echoing: int, packets: tuple[bytes, ...]) -> None:
    assert answer_to(echoing, *packets).endswith(b"\r\n\r\n" + BODY)


def test_an_unused_connection_stays_open_for_a_proxy(echoing: int) -> None:
    asked = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
    with socket.create_connection(("127.0.0.1", echoing), timeout=10) as connection:
        for pause in (0, 7):  # seconds; five is what the server would wait by itself
            time.sleep(pause)
            connection.sendall(asked)
            assert answer_on(connection, BODY).endswith(BODY)


@pytest.mark.parametrize(
    "where", ["apps/project/demo_programs.py", "docker/compose.yaml", "docker/Dockerfile"]
)
def test_demo_and_containers_start_this_server(where: str) -> None:
    assert "apps.project.web" in (FOLDER / where).read_text()


@pytest.mark.parametrize("killed", ["at once", "in service"])
def test_no_process_outlives_a_server_that_is_killed(killed: str, tmp_path: Path) -> None:
    """It would hold the port, and the next start would fail. Each line that they wrote is one object."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "apps.project.web", "--port", str(port)]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, cwd=FOLDER, start_new_session=True, stderr=log) as server,
    ):
        wait_until(lambda: listens(port), seconds=30)
        if killed == "in service":
            assert b"live" in answer_to(port, LIVE, ends=b"}")
        server.kill()
    try:
        wait_until(lambda: not listens(port), seconds=30)
    finally:
        end_group(server.pid)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert f"http://127.0.0.1:{port}" in str(lines[0])
