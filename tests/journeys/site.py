"""Berth as `make demo` runs it, web and workers, on a database of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from apps.project.demo import answers_ok
from apps.project.demo_programs import FOLDER, DemoPlan, demo_programs
from apps.project.processes import Program
from apps.project.supervisor import Supervisor
from tests.databases import empty_database, redis_beside
from tests.journeys.other_site import IDENTITY_SECRET
from tests.ports import free_ports
from tests.waiting import wait_until

PASSWORD = "a password of these journeys"
REDIS_DATABASES_FROM = 48
STARTED = ("web", "worker-training", "worker-short", "beat")
BEAT = "tests.journeys.lessons"
READY_SECONDS = 90.0


@dataclass(frozen=True)
class Site:
    address: str
    folder: Path

    @property
    def logs(self) -> Path:
        return self.folder / "var" / "log"

    @property
    def backbone(self) -> str:
        """Two layers, so that a fit takes seconds."""
        return str(self.folder / "tiny")


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    port, grpc_port = free_ports(2)
    plan = DemoPlan(folder / "var", port, grpc_port, PASSWORD, needs_stores=False)
    site = Site(plan.address, folder)
    supervisor = Supervisor()
    with empty_database("journeys") as database_url:
        environment = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_beside(REDIS_DATABASES_FROM),
            "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
            "BERTH_VAR": str(plan.var),
            "PROMETHEUS_MULTIPROC_DIR": str(plan.var / "metrics"),
            "STATIC_ROOT": str(plan.var / "static"),
            "SUPPORT_IDENTITY_SECRET": IDENTITY_SECRET,
            "PYTHONPATH": str(FOLDER),
        }
        try:
            prepare(folder, environment)
            for program in demo_programs(plan):
                if program.name in STARTED:
                    supervisor.start(of_journeys(program, environment))
            wait_until(
                lambda: all(answers_ok(port, path) for path in ("/health/ready", "/v2/health/ready")),
                seconds=READY_SECONDS,
                otherwise=lambda: (site.logs / "web.log").read_text(),
            )
            yield site
        finally:
            supervisor.stop()


def of_journeys(program: Program, environment: Mapping[str, str]) -> Program:
    command = program.command
    if program.name == "beat":
        command = [BEAT if part == "apps.project" else part for part in command]
    return replace(program, command=command, environment={**program.environment, **environment})


def prepare(folder: Path, environment: dict[str, str]) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.journeys.prepare", str(folder)],
        cwd=FOLDER,
        env={**os.environ, **environment, "JOURNEY_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
