"""A finished artifact becomes a numbered version of its family."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from apps.accounts.locks import lock
from apps.accounts.models import User
from apps.accounts.services import audit
from apps.registry import families
from apps.registry.errors import RegistryError
from apps.registry.models import Alias, AliasName, Dataset, Evaluation, Run, Version
from apps.registry.store import artifact_store
from modelcore.artifacts import Artifact, open_artifact
from modelcore.errors import InputError


class VersionInUseError(RegistryError):
    code = "version_in_use"


class AlreadyArchivedError(RegistryError):
    code = "already_archived"


@dataclass(frozen=True)
class Measured:
    """What an artifact answered to one suite."""

    suite: str
    suite_digest: str
    metrics: dict[str, Any]
    predictions: list[dict[str, Any]]


def register_version(
    *,
    family: str,
    artifact: Artifact,
    at: datetime,
    measured: Sequence[Measured] = (),
    run: Run | None = None,
    latency: dict[str, Any] | None = None,
) -> Version:
    """Give a stored artifact the next number of its family.

    A run that registers a second time, because its worker died between the registration and the end, gets
    the version that it has.
    """
    families.get(family)
    manifest = artifact.manifest
    with transaction.atomic():
        _lock_numbers(family)
        if run is not None:
            existing = Version.objects.filter(run=run).first()
            if existing is not None:
                return existing
        last = Version.objects.filter(family=family).aggregate(last=Max("number"))["last"] or 0
        version = Version.objects.create(
            family=family,
            number=last + 1,
            digest=artifact.digest,
            run=run,
            dataset=run.dataset if run else _dataset_of(family, manifest.dataset.get("digest", "")),
            size_bytes=sum(path.stat().st_size for path in artifact.path.rglob("*") if path.is_file()),
            manifest=manifest.to_json(),
            metrics=manifest.metrics,
            latency=latency or {},
            card=(artifact.path / "card.md").read_text("utf-8"),
            created_at=at,
        )
        record_measured(version=version, measured=measured, at=at)
        audit.record(
            actor=run.created_by if run else None,
            action="version.registered",
            subject=f"version:{version}",
            detail={"digest": version.digest, "run": run.pk if run else None},
        )
    return version


def register_folder(*, family: str, folder: Path, at: datetime) -> Version:
    """Verify an artifact that was made elsewhere, such as on the command line, store it and number it, once.

    Raises:
        InputError: there is no such family, or it is for another task.
        ArtifactError: the folder holds no whole artifact.
    """
    declared, artifact = families.get(family), open_artifact(folder)
    if artifact.manifest.task != declared.task:
        raise InputError(
            "The artifact is for the task {task}, the family {family} for {wanted}; choose another family.",
            task=artifact.manifest.task,
            family=family,
            wanted=declared.task,
        )
    artifact_store().put(folder)
    with transaction.atomic():
        _lock_numbers(family)
        existing = Version.objects.filter(family=family, digest=artifact.digest).first()
        return existing or register_version(family=family, artifact=artifact, at=at)


@transaction.atomic
def record_measured(*, version: Version, measured: Sequence[Measured], at: datetime) -> None:
    """Write down what was answered to each row that its suite still has.

    Rows may be erased while a version answers them, and no figure can tell any more to which; what is left
    out here is measured again.
    """
    suites = Dataset.objects.filter(family=version.family, kind=Dataset.Kind.SUITE)
    held = suites.select_for_update().order_by("pk").values_list("suite", "digest", "rows")
    rows = {(suite, digest): count for suite, digest, count in held}
    Evaluation.objects.bulk_create(
        [
            Evaluation(
                version=version,
                suite=one.suite,
                suite_digest=one.suite_digest,
                metrics=one.metrics,
                predictions=one.predictions,
                created_at=at,
            )
            for one in measured
            if rows.get((one.suite, one.suite_digest), len(one.predictions)) == len(one.predictions)
        ],
        update_conflicts=True,  # another worker was faster, or what it wrote no longer fits
        unique_fields=["version", "suite", "suite_digest"],
        update_fields=["metrics", "predictions", "created_at"],
    )


def archive_version(*, version: Version, actor: User | None, at: datetime) -> Version:
    """Take a version out of the lists; its artifact and its history stay.

    Raises:
        VersionInUseError: an alias points to it.
        AlreadyArchivedError: it is archived.
    """
    with transaction.atomic():
        locked = Version.objects.select_for_update().get(pk=version.pk)
        if locked.archived_at is not None:
            raise AlreadyArchivedError("{version} is archived already.", version=locked)
        names = Alias.objects.filter(version=locked).values_list("name", flat=True)
        if names:
            raise VersionInUseError(
                "{version} is the {aliases} of its family; promote another version first.",
                version=locked,
                aliases=", ".join(str(AliasName(name).label) for name in names),
            )
        locked.archived_at = at
        locked.archived_by = actor
        locked.save(update_fields=["archived_at", "archived_by"])
        audit.record(actor=actor, action="version.archived", subject=f"version:{locked}", detail={})
    return locked


def _lock_numbers(family: str) -> None:
    """Two registrations of one family follow one another, so that no number is lost or given twice."""
    lock(f"registry.version:{family}")


def _dataset_of(family: str, digest: str) -> Dataset | None:
    return Dataset.objects.filter(family=family, digest=digest).first()
