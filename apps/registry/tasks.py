import logging
import os
import socket
from datetime import timedelta
from typing import Any

from celery import Task, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.registry.models import Run, RunState, Version
from apps.registry.models.runs import OPEN_STATES
from apps.registry.services import claims, copies, datasets, files, run_folders

logger = logging.getLogger(__name__)

TRAINING_QUEUE = "training"  # its worker has one process: what loaded torch must not fork
DISPATCH_AGAIN_AFTER = timedelta(minutes=2)
PROFILE_EXPIRES_SECONDS = 10.0


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]  # celery has no types
def execute_run(run_id: int) -> None:
    # The worker of the other queue imports this module too and needs no model library.
    from apps.registry.services.execution import execute_run as execute

    if execute(run_id=run_id, worker=f"{socket.gethostname()}:{os.getpid()}") == RunState.SUCCEEDED:
        # A suite may have grown meanwhile, and the champion may not have been measured on it.
        dispatch_measuring(Version.objects.get(run=run_id).pk)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def complete_profile(dataset_id: int) -> None:
    datasets.complete_profile(dataset_id=dataset_id, at=timezone.now())


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]  # celery has no types
def measure_version(version_id: int) -> None:
    from apps.registry.services.evaluations import measure_for_gate

    measure_for_gate(version_id=version_id, at=timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def sweep_runs() -> None:
    """Give up dead workers and hand out what waits, a run whose message was lost included."""
    now = timezone.now()
    claims.requeue_stale_runs(at=now)
    for run_id in Run.objects.filter(state=RunState.QUEUED).order_by("pk").values_list("pk", flat=True):
        dispatch_run(run_id)
    if not Run.objects.filter(state__in=OPEN_STATES).exists():
        for dataset_id in datasets.without_complete_profile(at=now).values_list("pk", flat=True)[:1]:
            dispatch_profile(dataset_id)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def clear_files() -> None:
    """What nobody needs any more, on this machine and in the store."""
    now = timezone.now()
    run_folders.clear_run_folders(at=now)
    run_folders.clear_scratch(at=now)
    copies.clear_artifact_copies(at=now)
    files.remove_remains()


def send(task: Task, *args: int, **options: Any) -> bool:
    """Whether the workers hear of it now: where they don't, a sweep finds the work, or who asks is told."""
    try:
        task.apply_async(args, **options)
    except OperationalError:
        logger.exception("%s can't be sent; the queue can't be reached", task.name)
        return False
    return True


def dispatch_profile(dataset_id: int) -> None:
    """To where torch is loaded: nobody's relay, routing or sweep may wait behind minutes of work.

    A message that waits too long is not needed: the sweep sends another when no run is under way.
    """
    send(complete_profile, dataset_id, queue=TRAINING_QUEUE, expires=PROFILE_EXPIRES_SECONDS)


def dispatch_measuring(version_id: int) -> bool:
    """To where models are loaded and a request need not wait for them; False: who asks has to ask again."""
    return send(measure_version, version_id, queue=TRAINING_QUEUE)


def dispatch_run(run_id: int) -> None:
    """Send a queued run to the workers unless that was done a moment ago."""
    if claims.mark_dispatched(run_id=run_id, at=timezone.now(), again_after=DISPATCH_AGAIN_AFTER):
        send(execute_run, run_id, queue=TRAINING_QUEUE)
