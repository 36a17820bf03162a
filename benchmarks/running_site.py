"""Berth as `make demo` runs it, with stores of its own and nothing in them but the accounts."""

import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apps.project.demo import answers_ok
from apps.project.demo_programs import TRAINING, DemoPlan, demo_programs, shared_environment, worker_program
from apps.project.embedded import start_stores
from apps.project.supervisor import Supervised, Supervisor

# The training worker is started and killed by the benchmark, and nobody asks over gRPC.
STARTED = ("web", "worker-short", "beat")
READY_SECONDS = 120.0
PAGE_SECONDS = 10.0


@dataclass(frozen=True)
class Site:
    """What runs. `cookie` is that of the model owner, signed in."""

    plan: DemoPlan
    supervisor: Supervisor
    cookie: str

    def start_worker(self) -> Supervised:
        return self.supervisor.start(worker_program(self.plan, TRAINING))

    def kill_worker(self, worker: Supervised) -> None:
        """kill -9 of the worker and of everything that it started."""
        os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait()
        self.supervisor.stop([worker])

    def page(self, path: str) -> str:
        """What the model owner sees there; an error of the server rises."""
        request = urllib.request.Request(self.plan.address + path, headers={"Cookie": self.cookie})
        with urllib.request.urlopen(request, timeout=PAGE_SECONDS) as answer:
            return str(answer.read().decode())


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Django of this process uses the same stores as the site, and can until the block ends."""
    port, grpc_port = free_port(), free_port()
    plan = DemoPlan(folder / "var", port, grpc_port, password="of a benchmark", needs_stores=True)
    stores = {"DATABASE_URL": plan.stores.database_url, "REDIS_URL": plan.stores.redis_url}
    # One core for whoever trains, so that the pages are answered meanwhile.
    alone = {"OMP_NUM_THREADS": "1", "ARTIFACT_STORE": "", "LOG_LEVEL": "WARNING"}
    os.environ.update({**shared_environment(plan), **stores, **alone})
    supervisor = Supervisor()
    try:
        start_stores(plan.stores, supervisor.start)
        cookie = _prepare(plan.password)
        for program in demo_programs(plan):
            if program.name in STARTED:
                supervisor.start(program)
        wait_until_ready(plan)
        yield Site(plan, supervisor, cookie)
    finally:
        supervisor.stop()


def _prepare(password: str) -> str:
    """Tables and accounts; returns the cookie of the model owner."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from apps.accounts.models import User
    from apps.project.accounts_for_demo import ensure_demo_accounts

    call_command("migrate", verbosity=0, interactive=False)
    ensure_demo_accounts(password=password)
    client = Client()
    client.force_login(User.objects.get(username="owner"))
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def wait_until_ready(plan: DemoPlan) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers_ok(plan.port, "/health/ready"):
        if time.monotonic() > deadline:
            raise SystemExit(f"The site does not get ready; its logs are in {plan.var / 'log'}.")
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
