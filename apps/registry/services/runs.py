"""What people ask of runs: queue, cancel, retry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.registry import families
from apps.registry.errors import RegistryError
from apps.registry.models import Dataset, Run, RunState, Version
from apps.registry.services.run_events import announce_run


class RunNotOpenError(RegistryError):
    code = "run_not_open"


class RunNotRetryableError(RegistryError):
    code = "run_not_retryable"


class WrongDatasetError(RegistryError):
    code = "wrong_dataset"


def queue_run(
    *,
    dataset: Dataset,
    changes: Mapping[str, object],
    actor: User | None,
    at: datetime,
    promote_when_passed: bool = False,
) -> Run:
    """Ask for a fit of the family's recipe, with a person's changes, on a data set.

    Raises:
        InputError: a change that the recipe doesn't accept, or an unknown family.
        WrongDatasetError: the data set is a suite: fitting on it would make its figures worthless. Or all of
            its rows were erased.
    """
    family = families.get(dataset.family)
    if dataset.kind != Dataset.Kind.TRAINING:
        raise WrongDatasetError(
            "A suite measures versions and is never fitted on; choose a training data set."
        )
    if not dataset.rows:
        raise WrongDatasetError("Every row of this data set was erased; choose another one.")
    recipe = families.recipe_of(family, changes)
    with transaction.atomic():
        run = Run.objects.create(
            family=family.name,
            dataset=dataset,
            recipe=recipe.to_json(),
            promote_when_passed=promote_when_passed,
            queued_at=at,
            created_by=actor,
        )
        _record("run.queued", run, actor, {"dataset": dataset.digest, "recipe": run.recipe})
        announce_run(run.pk)
    return run


def request_cancel(*, run: Run, actor: User | None, at: datetime) -> Run:
    """A waiting run ends at once; a running one at its next step.

    Raises:
        RunNotOpenError: it has ended already, or all but ended: its version is registered.
    """
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run.pk)
        if not locked.is_open:
            raise RunNotOpenError(
                "Run {run} has ended as {state}; there is nothing to cancel.",
                run=run.pk,
                state=RunState(locked.state).label,
            )
        if Version.objects.filter(run=locked).exists():
            raise RunNotOpenError(
                "Run {run} has its version already; there is nothing to cancel.", run=run.pk
            )
        locked.cancel_requested_at = locked.cancel_requested_at or at
        if locked.state == RunState.QUEUED:
            locked.state = RunState.CANCELLED
            locked.finished_at = at
        locked.save(update_fields=["cancel_requested_at", "state", "finished_at"])
        _record("run.cancel", locked, actor, {})
        announce_run(locked.pk)
    return locked


def retry_run(*, run: Run, actor: User | None, at: datetime) -> Run:
    """Put a failed or cancelled run back; it goes on from its last checkpoint.

    Raises:
        RunNotRetryableError: it is open or has succeeded.
    """
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run.pk)
        if locked.state not in (RunState.FAILED, RunState.CANCELLED):
            raise RunNotRetryableError(
                "Run {run} is {state}; only a failed or cancelled run can be tried again.",
                run=run.pk,
                state=RunState(locked.state).label,
            )
        locked.state = RunState.QUEUED
        locked.attempt = 0
        locked.claim_token = None
        locked.claimed_by = ""
        locked.heartbeat_at = None
        locked.dispatched_at = None
        locked.cancel_requested_at = None
        locked.started_at = None
        locked.finished_at = None
        # What waits is in no phase; where it got to before is told by its log.
        locked.phase = ""
        locked.step = 0
        locked.total_steps = 0
        locked.error = ""
        locked.queued_at = at
        locked.save()
        _record("run.retry", locked, actor, {})
        announce_run(locked.pk)
    return locked


def _record(action: str, run: Run, actor: User | None, detail: dict[str, Any]) -> None:
    audit.record(actor=actor, action=action, subject=f"run:{run.pk}", detail={"family": run.family, **detail})
