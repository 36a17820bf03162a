"""What a run's page says, and whether it was true at that moment."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

# Steps between two lines of the log, at most.
LOGGED_EVERY = 10
ENDED = ("succeeded", "failed", "cancelled")
BADGE = re.compile(r'class="reg-badge (\w+)"')
DONE = re.compile(r"(\d+) % done(?: · (\w+)(?: (\d+)/(\d+))?)?")
ATTEMPT = re.compile(r"<dt>Attempt</dt><dd>(\d+)</dd>")
WORKER = re.compile(r"<dt>Worker</dt><dd>([^<]*)</dd>")
VERSION = re.compile(r"/admin/registry/version/\d+/change/")

Line = tuple[int, str, int, int]


class UnreadablePageError(ValueError):
    """The page is not a run's, or no longer looks as it did."""


@dataclass(frozen=True)
class Statement:
    """One look at the page. `badge` is the run's state, or lost; true somewhere between the two instants."""

    asked_at: datetime
    answered_at: datetime
    badge: str
    percent: int
    phase: str
    step: int
    total_steps: int
    attempt: int
    worker: str
    has_error: bool
    has_version: bool

    @property
    def line(self) -> Line:
        return self.attempt, self.phase, self.step, self.total_steps


@dataclass(frozen=True)
class Kill:
    """The end of one attempt's worker: when it was sent, and when the process was surely gone."""

    attempt: int
    sent_at: datetime
    dead_at: datetime
    # Of the newest whole checkpoint that it left behind; 0 without one.
    checkpoint_step: int


@dataclass(frozen=True)
class Facts:
    """What happened to a run, as its tables and whoever killed its worker know it.

    Args:
        lines: every line of its log: attempt, phase, step, all steps.
        workers: host and process of each attempt's worker.
        version_at: when its version was registered.
        lost_after: for so long after its worker's death a run may still say that it is worked on.
    """

    lines: Sequence[Line]
    workers: Mapping[int, str]
    version_at: datetime | None
    lost_after: timedelta
    kill: Kill | None = None

    def kill_of(self, attempt: int) -> Kill | None:
        return self.kill if self.kill is not None and self.kill.attempt == attempt else None


def read_page(html: str, asked_at: datetime, answered_at: datetime) -> Statement:
    badge, done, attempt, worker = (pattern.search(html) for pattern in (BADGE, DONE, ATTEMPT, WORKER))
    if badge is None or done is None or attempt is None or worker is None:
        raise UnreadablePageError(f"This is not the page of a run: {html[:200]!r}")
    percent, phase, step, total_steps = done.groups(default="")
    return Statement(
        asked_at=asked_at,
        answered_at=answered_at,
        badge=badge[1],
        percent=int(percent),
        phase=phase,
        step=int(step or 0),
        total_steps=int(total_steps or 0),
        attempt=int(attempt[1]),
        worker=worker[1],
        has_error="reg-error" in html,
        has_version=VERSION.search(html) is not None,
    )


def untruths(said: Sequence[Statement], facts: Facts) -> list[str]:
    """A sentence for each statement that was not true, and for each two that contradict one another."""
    found = [f"{rule}: {one}" for one in said for rule, is_broken in RULES.items() if is_broken(one, facts)]
    return [*found, *_contradictions(said), *_unearned_steps(facts)]


def _ends_without_version(said: Statement, facts: Facts) -> bool:
    is_there = facts.version_at is not None and facts.version_at <= said.answered_at
    return said.badge == "succeeded" and not (said.has_version and is_there)


def _is_done_early(said: Statement, facts: Facts) -> bool:
    return said.percent >= 100 and said.badge != "succeeded"


def _has_failed(said: Statement, facts: Facts) -> bool:
    return said.badge in ("failed", "cancelled") or said.has_error


def _is_beyond_its_end(said: Statement, facts: Facts) -> bool:
    return said.step > said.total_steps


def _dead_worker_works(said: Statement, facts: Facts) -> bool:
    kill = facts.kill_of(said.attempt)
    return said.badge == "running" and kill is not None and said.asked_at > kill.dead_at + facts.lost_after


def _living_worker_is_lost(said: Statement, facts: Facts) -> bool:
    kill = facts.kill_of(said.attempt)
    return said.badge == "lost" and (kill is None or said.answered_at < kill.sent_at)


def _names_another_worker(said: Statement, facts: Facts) -> bool:
    return said.attempt > 0 and said.worker != facts.workers.get(said.attempt)


def _shows_what_nobody_did(said: Statement, facts: Facts) -> bool:
    return bool(said.phase) and said.line not in facts.lines


RULES: Mapping[str, Callable[[Statement, Facts], bool]] = {
    "it has succeeded without a version": _ends_without_version,
    "all is done before it is": _is_done_early,
    "it has failed, though a killed run only goes on": _has_failed,
    "its step is beyond its last": _is_beyond_its_end,
    "a worker is on it that is long dead": _dead_worker_works,
    "its worker is lost, though it lives": _living_worker_is_lost,
    "it names another worker than the attempt's": _names_another_worker,
    "it shows a phase or step that the attempt never wrote": _shows_what_nobody_did,
}


def _contradictions(said: Sequence[Statement]) -> Iterator[str]:
    for earlier, later in pairwise(said):
        if later.attempt < earlier.attempt:
            yield f"an attempt was taken back: {earlier}, {later}"
        if earlier.badge in ENDED and later.badge != earlier.badge:
            yield f"an ended run went on: {earlier}, {later}"


def _unearned_steps(facts: Facts) -> Iterator[str]:
    """Whoever goes on begins at the checkpoint: its first step lies no further than one line beyond it."""
    if facts.kill is None:
        return
    steps = [
        step for attempt, phase, step, _ in facts.lines if phase == "train" and attempt > facts.kill.attempt
    ]
    if steps and steps[0] > facts.kill.checkpoint_step + LOGGED_EVERY:
        yield f"it went on at step {steps[0]}, but {facts.kill.checkpoint_step} were in the checkpoint"
