"""A client that offers HTTP/2 beside its request, as Java's and curl's do, is answered in HTTP/1.1."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pytest

from apps.project.demo_programs import demo_programs, read_plan
from apps.project.environment import Environment
from apps.project.processes import die_with, stop_process
from tests.deployment.composefile import ROOT, our_services, read_compose
from tests.deployment.native import VARIABLES
from tests.ports import free_ports
from tests.waiting import wait_until

ECHO = "tests.deployment.echo:application"
BODY = b'{"inputs": []}'
OFFER = (
    b"POST /v2/models/any/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n"
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\n\r\n"
) % len(BODY)


def command_of(where: str) -> Sequence[str]:
    if where == "demo":
        programs = demo_programs(read_plan(Environment({})))
        return next(program.command for program in programs if program.name == "web")
    if where == "compose":
        return our_services(read_compose(VARIABLES))["web"].command
    lines = (ROOT / "docker/Dockerfile").read_text().splitlines()
    command: list[str] = json.loads(
        next(line for line in lines if line.startswith("CMD ")).removeprefix("CMD ")
    )
    return command


@contextmanager
def echoing(where: str) -> Iterator[int]:
    """The web server as it is started there, on a free port, in front of an application that echoes."""
    (port,) = free_ports(1)
    command = command_of(where)
    options = command[command.index("apps.project.asgi:application") + 1 :]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", ECHO, *options, "--host", "127.0.0.1", "--port", str(port)],
        cwd=ROOT,
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


def answer_to(port: int, *packets: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for packet in packets:
            connection.sendall(packet)
            time.sleep(0.1)
        answer = b""
        while part := connection.recv(4096):
            answer += part
    return answer


@pytest.mark.parametrize("where", ["demo", "compose", "image"])
def test_the_body_beside_an_offer_of_http_2_arrives(where: str) -> None:
    with echoing(where) as port:
        for packets in ((OFFER + BODY,), (OFFER, BODY)):
            assert answer_to(port, *packets).endswith(b"\r\n\r\n" + BODY)
