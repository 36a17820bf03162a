"""kill -9 of the training worker at ten random moments of a run, while a person watches the run's page.

The site runs as `make demo` runs it: PostgreSQL, Redis, web, workers, beat. The worker's whole process group
is killed and another is started; beat's sweep gives the run to it. A run passes when it ends with the metrics
and weights of an undisturbed run of that seed. Meanwhile a model owner's session reads the page twice a
second, and each of these would be an untrue statement (see page_truth):

- it has succeeded, or all is done, before its version is there;
- it has failed or been cancelled, or shows an error: a killed run only goes on;
- its step is beyond its last, or its phase and step are none that the attempt it names ever wrote;
- a worker is on it for longer after its worker's death than the sweep's limit; or it names another worker;
- its worker is lost, though it lives;
- an attempt is taken back, an ended run goes on, or a new worker begins beyond the checkpoint.
"""

import random
import statistics
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apps.project.demo_programs import TRAINING, worker_program
from benchmarks.report import Report, Row, conclude
from benchmarks.site.page_truth import Facts, Kill, Statement, read_page, untruths
from benchmarks.site.people import sign_in
from benchmarks.site.running import Site, closed_site

if TYPE_CHECKING:  # models are there once Django is set up
    from apps.registry.models import Dataset, Run

KILLS = 10
SEED = 0
FAMILY = "support-intent"
RECIPE: dict[str, object] = {"method": "full", "epochs": 4, "seed": 0}
LOOK_SECONDS = 0.5
POLL_SECONDS = 0.1
RUN_SECONDS = 900.0
PAGE_SECONDS = 10.0


@dataclass
class Watch:
    """What was seen of a run's page; `failures` are looks that got no page at all."""

    said: list[Statement] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """A run that has ended. `end` is what must not depend on a kill."""

    end: dict[str, Any]
    seconds: float
    looks: int
    failures: list[str]
    untrue: list[str]
    kill: Kill | None = None
    phase: str = ""
    seconds_to_going_on: float | None = None


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder, closed_site(Path(folder)) as site:
        cookie = _sign_in_owner(site)
        site.open()
        dataset = _import_samples()
        calm = _watch_run(site, cookie, dataset)
        print(f"undisturbed: {calm.seconds:.1f} s, untrue {calm.untrue}", flush=True)
        disturbed: list[Outcome] = []
        latest = calm.seconds
        while len(disturbed) < kills:
            moment = chance.uniform(0.03, 0.95) * latest
            outcome = _watch_run(site, cookie, dataset, kill_after=moment)
            print(_line(outcome, moment, calm), flush=True)
            if outcome.kill:
                disturbed.append(outcome)
            else:  # over before that: quicker than the undisturbed one
                latest = moment
    conclude(_report(calm, disturbed))


def _line(outcome: Outcome, moment: float, calm: Outcome) -> str:
    step = outcome.kill.checkpoint_step if outcome.kill else "no"
    return (
        f"killed after {moment:.1f} s in {outcome.phase or 'nothing'} with a checkpoint of step {step}: "
        f"same {outcome.end == calm.end}, going on after {outcome.seconds_to_going_on} s, "
        f"{outcome.looks} looks, untrue {outcome.untrue}"
    )


def _report(calm: Outcome, disturbed: list[Outcome]) -> Report:
    def same(*names: str) -> int:
        return sum(all(one.end[name] == calm.end[name] for name in names) for one in disturbed)

    everyone = [calm, *disturbed]
    waits = [one.seconds_to_going_on for one in disturbed if one.seconds_to_going_on is not None]
    kills = len(disturbed)
    rows = [
        Row("runs whose worker was killed while they ran", kills),
        Row("runs that ended with the metrics of the undisturbed one", same("metrics", "calibration"), kills),
        Row("runs that ended with its weights", same("weights"), kills),
        Row("untrue statements of the page", sum(len(one.untrue) for one in everyone), 0, at_least=False),
        Row("looks at the page", sum(one.looks for one in everyone)),
        Row("seconds from a kill to going on, median", statistics.median(waits) if waits else 0.0, unit="s"),
        Row("seconds of the undisturbed run", calm.seconds, unit="s"),
    ]
    details = {
        "end": calm.end,
        "killed_in": [one.phase for one in disturbed],
        "seconds_to_going_on": waits,
        "untrue": [sentence for one in everyone for sentence in one.untrue],
        "looks_without_a_page": [sentence for one in everyone for sentence in one.failures],
    }
    return Report("worker_kills", "Support samples, kill -9 of the training worker", rows, details)


def _sign_in_owner(site: Site) -> str:
    """The cookie of the model owner."""
    from apps.accounts.models import User
    from apps.project.accounts_for_demo import ensure_demo_accounts

    ensure_demo_accounts(password=site.plan.password)
    return sign_in(User.objects.get(username="owner"))


def _import_samples() -> "Dataset":
    from django.utils import timezone

    from apps.registry.services.datasets import import_snapshot

    return import_snapshot(family=FAMILY, at=timezone.now())


def _watch_run(site: Site, cookie: str, dataset: "Dataset", *, kill_after: float | None = None) -> Outcome:
    """One run by a fresh worker, watched until it has ended; killed once, so long after a worker took it."""
    from django.utils import timezone

    from apps.registry.models import RunState
    from apps.registry.services.runs import queue_run

    worker = site.start(worker_program(site.plan, TRAINING))
    run = queue_run(dataset=dataset, changes=RECIPE, actor=None, at=timezone.now())
    numbers = {1: worker.process.pid}
    kill, phase = None, ""
    with _watching(f"{site.plan.address}/admin/registry/run/{run.pk}/live/", cookie) as watch:
        _wait_until_state(site, run, (RunState.RUNNING,))
        if kill_after is not None:
            time.sleep(kill_after)
            sent_at = timezone.now()
            site.kill(worker.program.name)
            dead_at = timezone.now()
            run.refresh_from_db()
            if run.state == RunState.RUNNING:
                kill, phase = Kill(run.attempt, sent_at, dead_at, _checkpoint_step(run)), run.phase
            worker = site.revive(worker.program.name)
            numbers[2] = worker.process.pid
        _wait_until_state(site, run, (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED))
        time.sleep(2 * LOOK_SECONDS)
    site.supervisor.stop([worker])
    return _outcome(run, watch, numbers, kill, phase)


@contextmanager
def _watching(page: str, cookie: str) -> Iterator[Watch]:
    """A person's eyes on the page, in a thread of their own."""
    watch, ended = Watch(), threading.Event()

    def look() -> None:
        from django.utils import timezone

        while not ended.wait(LOOK_SECONDS):
            asked_at = timezone.now()
            try:
                html = _read(page, cookie)
            except (urllib.error.URLError, HTTPException, TimeoutError) as error:
                watch.failures.append(repr(error))
                continue
            watch.said.append(read_page(html, asked_at, timezone.now()))

    eyes = threading.Thread(target=look, daemon=True)
    eyes.start()
    try:
        yield watch
    finally:
        ended.set()
        eyes.join()


def _read(page: str, cookie: str) -> str:
    """What the owner of the cookie sees there; an error of the server rises."""
    request = urllib.request.Request(page, headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=PAGE_SECONDS) as answer:
        return str(answer.read().decode())


def _wait_until_state(site: Site, run: "Run", wanted: tuple[str, ...]) -> None:
    deadline = time.monotonic() + RUN_SECONDS
    while run.state not in wanted:
        if time.monotonic() > deadline:
            raise SystemExit(f"Run {run.pk} is still {run.state}; the logs are in {site.plan.var / 'log'}.")
        site.supervisor.restart_dead()
        time.sleep(POLL_SECONDS)
        run.refresh_from_db()


def _checkpoint_step(run: "Run") -> int:
    """The step of the newest whole checkpoint of what was being trained; 0 without one."""
    from apps.registry.services.execution import run_folder

    boards = run_folder(run.pk).glob("checkpoints/*/tensorboard/*")
    newest = max(boards, key=lambda board: board.stat().st_mtime, default=None)
    if newest is None:
        return 0
    marks = (newest.parents[1] / newest.name).glob("checkpoint-*/complete")
    return max((int(mark.parent.name.rpartition("-")[2]) for mark in marks), default=0)


def _outcome(run: "Run", watch: Watch, numbers: dict[int, int], kill: Kill | None, phase: str) -> Outcome:
    import socket

    from apps.registry.models import Version
    from apps.registry.models.runs import HEART_STOPPED_AFTER

    version = Version.objects.filter(run=run).first()
    lines = list(run.progress.values_list("attempt", "phase", "step", "total_steps"))
    workers = {attempt: f"{socket.gethostname()}:{number}" for attempt, number in numbers.items()}
    facts = Facts(lines, workers, version.created_at if version else None, HEART_STOPPED_AFTER, kill)
    first_line = run.progress.filter(attempt__gt=kill.attempt).first() if kill else None
    return Outcome(
        end=_end(version),
        seconds=(run.finished_at - run.started_at).total_seconds()
        if run.finished_at and run.started_at
        else 0,
        looks=len(watch.said),
        failures=watch.failures,
        untrue=untruths(watch.said, facts),
        kill=kill,
        phase=phase,
        seconds_to_going_on=(first_line.at - kill.dead_at).total_seconds() if kill and first_line else None,
    )


def _end(version: Any) -> dict[str, Any]:
    """Weights, temperature and figures; how fast the runtimes were that day is none of them."""
    if version is None:
        return {"weights": None, "calibration": None, "metrics": None}
    manifest = version.manifest
    metrics = {name: value for name, value in manifest["metrics"].items() if name != "training"}
    weights = manifest["files"]["model.safetensors"]
    return {"weights": weights, "calibration": manifest["calibration"], "metrics": metrics}


if __name__ == "__main__":
    main()
