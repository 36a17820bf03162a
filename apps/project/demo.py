"""`make demo`: everything on one machine, until Ctrl-C."""

import fcntl
import http.client
import logging
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

from apps.project.accounts_for_demo import DEMO_ACCOUNTS
from apps.project.demo_programs import DemoPlan, demo_programs, prepare_program, read_plan
from apps.project.embedded import StoreError, start_stores
from apps.project.environment import Environment
from apps.project.processes import die_with
from apps.project.supervisor import Supervised, Supervisor

POLL_SECONDS = 0.1
READY_SECONDS = 180.0
HOPELESS_FAILURES = 3
PREPARED = "prepared"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class DemoError(RuntimeError):
    """Why the demo cannot start or go on; str() says what to do."""


class StopAskedError(BaseException):
    """Ctrl-C, kill or a closed terminal: not an error of anything, so nothing may swallow it."""


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal may know fewer signs than we say
    if os.environ.get("MAKELEVEL"):
        # Started by make: when make is killed, this ends too, and with it all that it started.
        die_with(os.getppid(), signal.SIGTERM)
    heed_signals()
    try:
        plan = read_plan(Environment())
        with only_one_demo(plan.var):
            run(plan)
    except StopAskedError:
        return 0
    except (DemoError, StoreError, ImproperlyConfigured) as error:
        say(str(error))
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        say(f"{error.filename} cannot be used: {error.strerror}. For another folder: `BERTH_VAR=… make demo`")
        return 1
    return 0


def heed_signals() -> None:
    for number in STOP_SIGNALS:
        # Below nohup a closed terminal means nothing; below a script's & a kill -INT is meant all the same.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, ask_to_stop)


def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise StopAskedError


def run(plan: DemoPlan) -> None:
    refuse_used_ports(plan)
    # What processes of the last start counted; a counter that starts again is what Prometheus expects.
    shutil.rmtree(plan.var / "metrics", ignore_errors=True)
    supervisor = Supervisor()
    try:
        if plan.needs_stores:
            say("Starting PostgreSQL and Redis …")
            start_stores(plan.stores, supervisor.start)
        prepare(plan, supervisor)
        wait_until_ready(plan, supervisor)
        announce(plan)
        while True:
            supervisor.restart_dead()
            time.sleep(POLL_SECONDS)
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        say("Stopping …")
        supervisor.stop()


@contextmanager
def only_one_demo(var: Path) -> Iterator[None]:
    """The kernel frees this lock with its process, so nothing is stale after kill -9."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(f"A demo is already running on {var}. Stop it with Ctrl-C first.") from None
        yield


def refuse_used_ports(plan: DemoPlan) -> None:
    if plan.port == plan.grpc_port:
        raise DemoError(
            f"PORT and GRPC_PORT are both {plan.port}. Choose another for one: `make demo GRPC_PORT=…`."
        )
    for name, port in (("PORT", plan.port), ("GRPC_PORT", plan.grpc_port)):
        refuse_used_port(name, port)


def refuse_used_port(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise DemoError(
                f"Port {port} of 127.0.0.1 cannot be had ({error}). Choose another: `make demo {name}=…`."
            ) from error


def prepare(plan: DemoPlan, supervisor: Supervisor) -> None:
    """Tables and accounts first, then the programs, then the models: training needs the workers."""
    program = prepare_program(plan)
    program.log.unlink(missing_ok=True)
    preparing = supervisor.start(program)
    seen = 0
    while (status := preparing.process.poll()) is None:
        seen = follow(plan, supervisor, preparing, seen)
        supervisor.restart_dead(but=preparing)
        give_up_when_hopeless(supervisor)
        time.sleep(POLL_SECONDS)
    follow(plan, supervisor, preparing, seen)
    supervisor.stop([preparing])
    if status != 0:
        last = program.log.read_text().strip().rpartition("\n")[2]
        raise DemoError(f"The demo could not be prepared: {last} (the whole of it: {program.log})")


def follow(plan: DemoPlan, supervisor: Supervisor, preparing: Supervised, seen: int) -> int:
    lines = preparing.program.log.read_text(errors="replace").splitlines(keepends=True)
    lines = [line for line in lines if line.endswith("\n")]
    for line in lines[seen:]:
        if line.strip() == PREPARED:
            for program in demo_programs(plan):
                supervisor.start(program)
        else:
            say(line.rstrip())
    return len(lines)


def wait_until_ready(plan: DemoPlan, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not is_ready(plan):
        supervisor.restart_dead()
        give_up_when_hopeless(supervisor)
        if time.monotonic() > deadline:
            raise DemoError(f"Not ready after {READY_SECONDS:.0f} s; the logs are in {plan.var / 'log'}.")
        time.sleep(POLL_SECONDS)


def give_up_when_hopeless(supervisor: Supervisor) -> None:
    program = supervisor.failed_often(HOPELESS_FAILURES)
    if program is not None:
        raise DemoError(f"{program.name} does not stay up; its log is {program.log}.")


def is_ready(plan: DemoPlan) -> bool:
    """The site says so, its models are loaded, and the other door is open."""
    if not all(answers_ok(plan.port, path) for path in ("/health/ready", "/v2/health/ready")):
        return False
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", plan.grpc_port)) == 0


def answers_ok(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    return False


def announce(plan: DemoPlan) -> None:
    width = max(len(account.username) for account in DEMO_ACCOUNTS)
    say(f"Berth is ready at {plan.address}")
    say(f"The demo shop, whose customers write in the chat, is at {plan.address}/support/demo/")
    say(f"gRPC is at 127.0.0.1:{plan.grpc_port}; logs are in {plan.var / 'log'}; Ctrl-C stops everything.")
    say(f"Sign in with the password {plan.password} as")
    for account in DEMO_ACCOUNTS:
        say(f"  {account.username:<{width}}  {account.may}")


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 -- a command that talks to the person who started it


if __name__ == "__main__":
    raise SystemExit(main())
