"""Who works on a run. A worker owns it by a token, and every write it makes is conditional on that token,
so that a worker that was given up for dead cannot write over its successor."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from apps.registry.errors import RegistryError
from apps.registry.models import Run, RunProgress, RunState
from apps.registry.models.runs import HEART_STOPPED_AFTER, MAX_ATTEMPTS
from apps.registry.services.run_events import announce_run
from modelcore.sentence import Sentence
from modelcore.training.progress import Progress

logger = logging.getLogger(__name__)


class ClaimLostError(RegistryError):
    """The run belongs to another worker now, or to nobody."""

    code = "claim_lost"


@dataclass(frozen=True)
class Claim:
    run_id: int
    token: UUID


@dataclass(frozen=True)
class Beat:
    """What a worker learns when its heart beats."""

    is_owner: bool
    is_cancel_requested: bool


def claim_run(*, run_id: int, worker: str, at: datetime) -> Claim | None:
    """Take a queued run, or nothing if another worker was faster or nobody waits for it any more."""
    token = uuid4()
    with transaction.atomic():
        taken = Run.objects.filter(pk=run_id, state=RunState.QUEUED).update(
            state=RunState.RUNNING,
            claim_token=token,
            claimed_by=worker[:120],
            heartbeat_at=at,
            attempt=F("attempt") + 1,
            started_at=Coalesce("started_at", at),
            error="",
            # Where the worker before got to is not where this one begins: that is its last checkpoint.
            phase="",
            step=0,
            total_steps=0,
        )
        if not taken:
            return None
        announce_run(run_id)
    return Claim(run_id, token)


def beat(*, claim: Claim, at: datetime) -> Beat:
    owned = _owned(claim)
    if not owned.update(heartbeat_at=at):
        return Beat(is_owner=False, is_cancel_requested=False)
    return Beat(True, owned.filter(cancel_requested_at__isnull=False).exists())


def record_progress(*, claim: Claim, progress: Progress, at: datetime) -> None:
    """Write one line of the run's log and where the run is.

    Raises:
        ClaimLostError: another worker has the run.
    """
    fields: dict[str, Any] = {
        "phase": progress.phase,
        "step": progress.step,
        "total_steps": progress.total_steps,
        "loss": progress.loss,
        "metric": progress.metric,
        "eta_seconds": progress.eta_seconds,
    }
    with transaction.atomic():
        # An evaluation has no loss and a training step no metric: the page keeps showing the last of each.
        shown = {name: value for name, value in fields.items() if value is not None or name == "eta_seconds"}
        if not _owned(claim).update(heartbeat_at=at, **shown):
            raise ClaimLostError("Run {run} belongs to another worker.", run=claim.run_id)
        attempt = Run.objects.values_list("attempt", flat=True).get(pk=claim.run_id)
        RunProgress.objects.create(
            run_id=claim.run_id, attempt=attempt, message=progress.message, at=at, **fields
        )
        announce_run(claim.run_id)


def finish_run(*, claim: Claim, state: RunState, at: datetime, error: str = "") -> Run:
    """End a run.

    Raises:
        ClaimLostError: another worker has the run.
    """
    with transaction.atomic():
        ended = _owned(claim).update(
            state=state, finished_at=at, error=error, claim_token=None, eta_seconds=None
        )
        if not ended:
            raise ClaimLostError("Run {run} belongs to another worker.", run=claim.run_id)
        run = Run.objects.get(pk=claim.run_id)
        announce_run(run.pk)
    return run


def lock_claim(claim: Claim) -> Run:
    """Hold the run's row until the transaction ends, so that the claim can't change hands meanwhile.

    Raises:
        ClaimLostError: it has already.
    """
    run = _owned(claim).select_for_update().first()
    if run is None:
        raise ClaimLostError("Run {run} belongs to another worker.", run=claim.run_id)
    return run


def mark_dispatched(*, run_id: int, at: datetime, again_after: timedelta) -> bool:
    """Whether the caller should send the run to the workers: nobody did within `again_after`."""
    due = Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=at - again_after)
    return bool(Run.objects.filter(due, pk=run_id, state=RunState.QUEUED).update(dispatched_at=at))


def requeue_stale_runs(*, at: datetime) -> list[int]:
    """Give up the workers whose heart stopped; returns the runs that wait for another one."""
    stopped = Q(state=RunState.RUNNING, heartbeat_at__lt=at - HEART_STOPPED_AFTER)
    waiting: list[int] = []
    for pk in Run.objects.filter(stopped).values_list("pk", flat=True):
        with transaction.atomic():
            run = Run.objects.select_for_update(skip_locked=True).filter(stopped, pk=pk).first()
            if run is None:  # the worker beat again, or another sweep has it
                continue
            _give_up_worker(run, at)
        if run.state == RunState.QUEUED:
            waiting.append(pk)
    return waiting


def _give_up_worker(run: Run, at: datetime) -> None:
    run.claim_token = None
    run.heartbeat_at = None
    run.dispatched_at = None
    run.eta_seconds = None
    run.state = RunState.QUEUED
    if run.cancel_requested_at is not None:
        run.state, run.finished_at = RunState.CANCELLED, at
    elif run.attempt >= MAX_ATTEMPTS:
        run.state, run.finished_at = RunState.FAILED, at
        run.error = Sentence(
            "The worker was lost {times} times; look at the worker's log and its memory, then try the run "
            "again.",
            times=run.attempt,
        )
    run.save()
    RunProgress.objects.create(
        run=run,
        attempt=run.attempt,
        phase=run.phase or "prepare",
        step=run.step,
        total_steps=run.total_steps,
        message=Sentence("Worker lost ({worker}).", worker=run.claimed_by),
        at=at,
    )
    announce_run(run.pk)
    logger.warning("run %s lost its worker %s in attempt %s", run.pk, run.claimed_by, run.attempt)


def _owned(claim: Claim) -> QuerySet[Run]:
    return Run.objects.filter(pk=claim.run_id, claim_token=claim.token, state=RunState.RUNNING)
