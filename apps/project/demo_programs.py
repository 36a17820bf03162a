"""What the demo runs: which programs, with which addresses and environment."""

import secrets
import shutil
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from apps.project.environment import Environment
from apps.project.processes import Program
from apps.project.stores import EmbeddedStores

FOLDER = Path(__file__).resolve().parents[2]
PASSWORD_BYTES = 9
TRAINING = "training"
SCRATCH = "scratch"  # of the settings' SCRATCH_DIR


@dataclass(frozen=True)
class DemoPlan:
    var: Path
    port: int
    grpc_port: int
    password: str
    # External stores that the environment names are used as they are.
    needs_stores: bool

    @property
    def stores(self) -> EmbeddedStores:
        return EmbeddedStores(self.var)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def read_plan(environment: Environment) -> DemoPlan:
    return DemoPlan(
        var=environment.path("BERTH_VAR", FOLDER / "var"),
        port=environment.port("PORT", 8000),
        grpc_port=environment.port("GRPC_PORT", 8001),
        password=environment.text("DEMO_PASSWORD") or secrets.token_urlsafe(PASSWORD_BYTES),
        needs_stores=not (environment.text("DATABASE_URL") and environment.text("REDIS_URL")),
    )


def shared_environment(plan: DemoPlan) -> Mapping[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "apps.project.settings.local",
        "BERTH_VAR": str(plan.var),
        "PORT": str(plan.port),
        "GRPC_PORT": str(plan.grpc_port),
        "PYTHONUNBUFFERED": "1",
    }


def program(plan: DemoPlan, name: str, *arguments: str, **extra: str) -> Program:
    return Program(
        name=name,
        command=[sys.executable, *arguments],
        log=plan.var / "log" / f"{name}.log",
        folder=FOLDER,
        environment={**shared_environment(plan), **extra},
    )


def prepare_program(plan: DemoPlan) -> Program:
    return program(plan, "prepare", "manage.py", "prepare_demo", DEMO_PASSWORD=plan.password)


def worker_program(plan: DemoPlan, queue: str) -> Program:
    """Solo: a process that loaded torch and then forks dead-locks."""
    options = ("--pool", "solo", "--queues", queue, "--hostname", f"{queue}@%h")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    celery = ("-m", "celery", "--quiet", "--app", "apps.project", "worker")
    worker = program(plan, f"worker-{queue}", *celery, *options, *quiet)
    if queue != TRAINING:
        return worker
    scratch = plan.var / SCRATCH
    return replace(
        worker,
        environment={**worker.environment, "TMPDIR": str(scratch)},
        before_start=partial(make_empty, scratch),
        # Asked politely it would finish its run first; killed, the run goes on from its checkpoint next time.
        stop_signal=signal.SIGKILL,
    )


def make_empty(folder: Path) -> None:
    """What a killed worker was packing is hundreds of megabytes, and nobody goes on with it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def demo_programs(plan: DemoPlan) -> list[Program]:
    schedule = str(plan.var / "beat-schedule")
    web = ("-m", "apps.project.web", "--host", "127.0.0.1", "--port", str(plan.port))
    return [
        program(plan, "web", *web, "--timeout-graceful-shutdown", "3"),
        worker_program(plan, TRAINING),
        worker_program(plan, "short"),
        program(
            plan, "beat", "-m", "celery", "--quiet", "--app", "apps.project", "beat", "--schedule", schedule
        ),
        program(plan, "grpc", "manage.py", "serve_grpc", "--address", f"127.0.0.1:{plan.grpc_port}"),
    ]
