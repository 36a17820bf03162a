"""A run from claim to version: fit, compress, measure, store, register. No transaction spans any of it."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from apps.registry import content, families, store
from apps.registry.errors import RegistryError, unforeseen
from apps.registry.families import Family
from apps.registry.models import Dataset, Run, RunState, Version
from apps.registry.selectors.suites import pinned_suites
from apps.registry.services.audits import audit_labels
from apps.registry.services.claims import Claim, ClaimLostError, claim_run, finish_run, lock_claim
from apps.registry.services.compressing import compress_for
from apps.registry.services.evaluations import measure_artifact
from apps.registry.services.heart import Heart
from apps.registry.services.progress import ProgressLog
from apps.registry.services.promotion import (
    AlreadyPromotedError,
    ChampionChangedError,
    GateRefusedError,
    VersionArchivedError,
    promote_first,
)
from apps.registry.services.versions import Measured, register_version
from modelcore import data as modeldata
from modelcore import training
from modelcore.artifacts import Artifact, ArtifactError, open_artifact
from modelcore.compression import VARIANTS
from modelcore.errors import InputError, ModelcoreError
from modelcore.sentence import Sentence
from modelcore.training import Cancelled
from modelcore.training.recipe import Recipe

logger = logging.getLogger(__name__)
VALIDATION_FRACTION = 0.1
CHECKPOINT_SECONDS = 5.0


@dataclass(frozen=True)
class Work:
    """One attempt at a run: its rows and its folder, which outlives the attempt."""

    run: Run
    family: Family
    folder: Path
    log: ProgressLog
    should_stop: Callable[[], bool]

    @property
    def fitted(self) -> Path:
        return self.folder / "fitted"

    @property
    def compressed(self) -> Path:
        return self.folder / "compressed"

    @property
    def suites(self) -> list[Dataset]:
        return list(pinned_suites(self.run.family))


def execute_run(*, run_id: int, worker: str) -> RunState | None:
    """Work on a queued run until it has ended; None if it is not this worker's to do.

    Whatever else happens to the process, the row tells the truth: the heart stops, and the sweep gives the
    run to another worker, which goes on from the last checkpoint.
    """
    claim = claim_run(run_id=run_id, worker=worker, at=timezone.now())
    if claim is None:
        return None
    with Heart(claim) as heart:
        try:
            return _work_and_end(claim, heart)
        except ClaimLostError:
            logger.warning("run %s was given to another worker; this one stops", run_id)
            return None


def _work_and_end(claim: Claim, heart: Heart) -> RunState:
    try:
        version = _version_of(claim, heart)
        _promote_if_asked(version)
    except Cancelled:
        if not heart.is_owner:
            raise ClaimLostError("Run {run} belongs to another worker.", run=claim.run_id) from None
        return _end(claim, RunState.CANCELLED)
    except (ClaimLostError, OperationalError, InterfaceError):
        # A database that went away says nothing about the run: its heart stops, and it resumes elsewhere.
        raise
    except (ModelcoreError, RegistryError) as error:
        return _end(claim, RunState.FAILED, error.sentence)
    except Exception as error:
        _end(claim, RunState.FAILED, unforeseen(error))
        raise
    state = _end(claim, RunState.SUCCEEDED)
    shutil.rmtree(run_folder(claim.run_id), ignore_errors=True)
    return state


def _end(claim: Claim, state: RunState, error: str = "") -> RunState:
    finish_run(claim=claim, state=state, error=error, at=timezone.now())
    return state


def run_folder(run_id: int) -> Path:
    return Path(settings.RUN_WORK_DIR) / str(run_id)


def _version_of(claim: Claim, heart: Heart) -> Version:
    run = Run.objects.select_related("dataset").get(pk=claim.run_id)
    registered = Version.objects.filter(run=run).first()
    if registered is not None:  # the worker before this one died between the version and the run's end
        return registered
    folder = run_folder(run.pk)
    folder.mkdir(parents=True, exist_ok=True)
    work = Work(run, families.get(run.family), folder, ProgressLog(claim), heart.should_stop)
    if audit_labels(dataset=run.dataset):
        work.log.say("prepare", "The labels of the new rows are audited.")
    artifact = _compressed(work)
    _stop_if_asked(work)
    work.log.say("measure", "Answering the pinned suites.")
    measured = measure_artifact(artifact, work.suites, heart.should_stop)
    _stop_if_asked(work)
    work.log.say("store", "Storing the artifact.")
    store.artifact_store().put(artifact.path)
    return _register(claim, artifact, measured)


def _compressed(work: Work) -> Artifact:
    """The artifact with its measured runtimes; what an earlier attempt finished is taken as it is."""
    finished = _finished(work.compressed)
    if finished is not None:
        return finished
    train, validation = training_rows(work.run.dataset, work.suites)
    recipe = Recipe.from_json(work.run.recipe)
    if _finished(work.fitted) is None:
        training.fit(
            train,
            validation,
            recipe,
            start=store.fetch_artifact(recipe.start).path if recipe.start else None,
            out=work.fitted,
            work=work.folder / "checkpoints",
            on_progress=work.log,
            should_stop=work.should_stop,
            checkpoint_seconds=CHECKPOINT_SECONDS,
        )
    _stop_if_asked(work)
    work.log.say("compress", "Quantising and comparing with fp32.")
    compress_for(
        work.family,
        work.fitted,
        train=train,
        evaluation=validation,
        out=work.compressed,
        variants=_variants(recipe),
        seed=recipe.seed,
        on_progress=lambda sentence: work.log.tell("compress", sentence),
    )
    return open_artifact(work.compressed)


def _variants(recipe: Recipe) -> tuple[str, ...]:
    """What may serve; of an extended artifact what serves it, so that the encoder answers as it did."""
    if not recipe.start:
        return tuple(VARIANTS)
    runtime = store.fetch_artifact(recipe.start).manifest.default_runtime
    return tuple(name for name in VARIANTS if name == runtime)


def _finished(path: Path) -> Artifact | None:
    if not path.exists():
        return None
    try:
        return open_artifact(path)
    except ArtifactError:
        shutil.rmtree(path)
        return None


def training_rows(dataset: Dataset, suites: list[Dataset]) -> tuple[Any, Any]:
    """The rows to fit on and those that choose the epoch and the temperature; none of them is in a suite."""
    rows = content.rows_in(dataset)
    if not rows.rows:
        raise InputError("Every row of the data set was erased; nothing is left to fit on.")
    held_out = {modeldata.normalise(text) for suite in suites for text in content.rows_in(suite).texts}
    kept = [i for i, text in enumerate(rows.texts) if modeldata.normalise(text) not in held_out]
    if not kept:
        raise InputError("Every row of the data set is in a suite; nothing is left to fit on.")
    fit_on: Any = rows.take(kept)
    parts = modeldata.split(fit_on, evaluation_fraction=VALIDATION_FRACTION, seed=0)
    return parts.train, parts.evaluation


def _stop_if_asked(work: Work) -> None:
    if work.should_stop():
        raise _asked_to_stop(work.run)


def _asked_to_stop(run: Run) -> Cancelled:
    return Cancelled("Run {run} was asked to stop.", run=run.pk)


def _register(claim: Claim, artifact: Artifact, measured: list[Measured]) -> Version:
    latency = {name: runtime.get("speed") for name, runtime in artifact.manifest.runtimes.items()}
    with transaction.atomic():
        run = lock_claim(claim)
        if run.cancel_requested_at is not None:
            raise _asked_to_stop(run)
        return register_version(
            family=run.family,
            artifact=artifact,
            measured=measured,
            run=run,
            latency=latency,
            at=timezone.now(),
        )


def _promote_if_asked(version: Version) -> None:
    run = version.run
    if run is None or not run.promote_when_passed:
        return
    try:
        promote_first(
            version=version,
            actor=run.created_by,
            reason=Sentence("The family had no champion and the run was to be promoted when it passes."),
            at=timezone.now(),
        )
    except (GateRefusedError, AlreadyPromotedError, ChampionChangedError, VersionArchivedError) as refusal:
        logger.warning("%s is not promoted: %s", version, refusal)
