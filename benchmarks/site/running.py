"""Berth as `make demo` runs it, with stores of its own; any part of it can be killed and started again."""

import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from apps.project.demo import answers_ok
from apps.project.demo_programs import DemoPlan, demo_programs, shared_environment
from apps.project.embedded import start_stores
from apps.project.processes import Program
from apps.project.supervisor import Supervised, Supervisor

# Who wants a training worker starts one, and nobody asks over gRPC.
STARTED = ("web", "worker-short", "beat")
READY_SECONDS = 120.0
# Everybody asks from one address here, and nobody is to be slowed down by that.
UNLIMITED = {"SUPPORT_MESSAGES_PER_MINUTE": "100000", "SUPPORT_ADDRESS_FACTOR": "100000"}
# One core for whoever computes, so that the pages are answered meanwhile.
ALONE = {"OMP_NUM_THREADS": "1", "LOG_LEVEL": "WARNING", "ARTIFACT_STORE": ""}


@dataclass
class Site:
    """What runs, each part under the name of its program."""

    plan: DemoPlan
    supervisor: Supervisor = field(default_factory=Supervisor)
    running: dict[str, Supervised] = field(default_factory=dict)

    def start(self, program: Program) -> Supervised:
        self.running[program.name] = self.supervisor.start(program)
        return self.running[program.name]

    def open(self) -> None:
        """Start what serves, and wait for it."""
        for program in demo_programs(self.plan):
            if program.name in STARTED:
                self.start(program)
        self._wait_until_ready()

    def kill(self, name: str) -> None:
        """kill -9 of it and of everything that it started."""
        child = self.running[name]
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        self.supervisor.stop([child])

    def sharing(self, name: str) -> list[psutil.Process]:
        """The processes that share its work; in the place of one that ends it puts another."""
        started = psutil.Process(self.running[name].process.pid).children()
        living = [one for one in started if one.status() != psutil.STATUS_ZOMBIE]
        return [one for one in living if "spawn_main" in " ".join(one.cmdline())]

    def revive(self, name: str) -> Supervised:
        return self.start(self.running[name].program)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not answers_ok(self.plan.port, "/health/ready"):
            if time.monotonic() > deadline:
                raise SystemExit(f"The site does not get ready; its logs are in {self.plan.var / 'log'}.")
            time.sleep(0.2)


@contextmanager
def closed_site(
    folder: Path, *, limits: Mapping[str, str] = UNLIMITED, throw_away: bool = False
) -> Iterator[Site]:
    """Stores with the tables and the roles in them, which Django of this process uses; nothing serves yet.

    Args:
        folder: for everything that is stored.
        limits: of visitors, as the environment names them.
        throw_away: the stores need not outlive a power cut, and are faster for it.
    """
    plan = DemoPlan(folder / "var", _free_port(), _free_port(), password="of a benchmark", needs_stores=True)
    stores = {"DATABASE_URL": plan.stores.database_url, "REDIS_URL": plan.stores.redis_url}
    os.environ.update({**shared_environment(plan), **stores, **ALONE, **limits})
    site = Site(plan)
    try:
        start_stores(plan.stores, site.start, throw_away=throw_away)
        _migrate()
        yield site
    finally:
        site.supervisor.stop()


@contextmanager
def open_site(folder: Path, *, limits: Mapping[str, str] = UNLIMITED) -> Iterator[Site]:
    """The same, serving."""
    with closed_site(folder, limits=limits) as site:
        site.open()
        yield site


def _migrate() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
