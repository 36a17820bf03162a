"""Berth with stores of its own, any part of which can be killed and started again."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from apps.project.demo_programs import DemoPlan, demo_programs, shared_environment
from apps.project.embedded import start_stores
from apps.project.processes import Program
from apps.project.supervisor import Supervised, Supervisor
from benchmarks.running_site import free_port, wait_until_ready

STARTED = ("web", "worker-short", "beat")
# Everybody asks from one address here, and nobody is to be slowed down by that.
UNLIMITED = {"SUPPORT_MESSAGES_PER_MINUTE": "100000", "SUPPORT_ADDRESS_FACTOR": "100000"}


@dataclass
class TalkingSite:
    plan: DemoPlan
    supervisor: Supervisor
    programs: dict[str, Program] = field(default_factory=dict)
    running: dict[str, Supervised] = field(default_factory=dict)

    def start(self, program: Program) -> Supervised:
        self.programs[program.name] = program
        self.running[program.name] = self.supervisor.start(program)
        return self.running[program.name]

    def kill(self, name: str) -> None:
        """kill -9 of it and of everything that it started."""
        child = self.running[name]
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        self.supervisor.stop([child])

    def open(self) -> None:
        """Start what serves, and wait for it."""
        for program in demo_programs(self.plan):
            if program.name in STARTED:
                self.start(program)
        wait_until_ready(self.plan)

    def revive(self, name: str) -> None:
        self.start(self.programs[name])

    def is_alive(self, name: str) -> bool:
        return self.running[name].process.poll() is None


@contextmanager
def bare_stores(folder: Path) -> Iterator[None]:
    """PostgreSQL and Redis with the tables and roles in them, for this process alone."""
    site = _new_site(folder)
    try:
        start_stores(site.plan.stores, site.start, throw_away=True)
        _migrate()
        yield
    finally:
        site.supervisor.stop()


@contextmanager
def closed_site(folder: Path, *, limits: Mapping[str, str] = UNLIMITED) -> Iterator[TalkingSite]:
    """Stores with the tables and the roles in them, which Django of this process uses; nothing serves yet."""
    os.environ.update(limits)
    site = _new_site(folder)
    try:
        start_stores(site.plan.stores, site.start)
        _migrate()
        yield site
    finally:
        site.supervisor.stop()


@contextmanager
def talking_site(folder: Path, *, limits: Mapping[str, str] = UNLIMITED) -> Iterator[TalkingSite]:
    """The same, open."""
    with closed_site(folder, limits=limits) as site:
        site.open()
        yield site


def _new_site(folder: Path) -> TalkingSite:
    plan = DemoPlan(folder / "var", free_port(), free_port(), password="of a benchmark", needs_stores=True)
    stores = {"DATABASE_URL": plan.stores.database_url, "REDIS_URL": plan.stores.redis_url}
    alone = {"OMP_NUM_THREADS": "1", "LOG_LEVEL": "WARNING", "ARTIFACT_STORE": ""}
    os.environ.update({**shared_environment(plan), **stores, **alone})
    return TalkingSite(plan, Supervisor())


def _migrate() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
