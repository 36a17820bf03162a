"""Rows come in: from the product or from a person's file. Nothing is stored unless all of it can be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.accounts.locks import lock
from apps.accounts.models import User
from apps.accounts.services import audit
from apps.registry import content, families, store
from apps.registry.families import Family, Snapshot
from apps.registry.models import Dataset
from apps.registry.models.datasets import LONGEST_NAME
from apps.registry.selectors.suites import pinned_suites
from apps.registry.services.files import put_file
from modelcore import data as modeldata
from modelcore.data import LabelledTexts, Rows
from modelcore.errors import InputError
from modelcore.training.frozen import features_of

MAX_UPLOAD_BYTES = 32 * 1024 * 1024
UPLOAD_SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".txt", ".conll", ".bio", ".iob")
PROFILED_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Upload:
    """A person's file and what they told about it."""

    path: Path
    filename: str
    name: str
    text_column: str = "text"
    label_column: str = "label"


def import_snapshot(*, family: str, at: datetime, actor: User | None = None) -> Dataset:
    """Take the product's rows as they are now; the same rows again are the same data set."""
    declared = families.get(family)
    snapshot = declared.build_snapshot()
    pin_suites(family=declared, snapshot=snapshot, at=at)
    return _store(
        snapshot.data,
        family=declared,
        at=at,
        fields={
            "name": f"{snapshot.source} {at:%Y-%m-%d %H:%M}",
            "source": Dataset.Source.SNAPSHOT,
            "source_name": snapshot.source,
            "created_by": actor,
        },
    )


def import_upload(*, family: str, upload: Upload, at: datetime, actor: User | None = None) -> Dataset:
    """Read a person's file.

    Raises:
        InputError: the file can't be used; the sentence says which row and what to do.
    """
    declared = families.get(family)
    check_filename(upload.filename)
    columns = (upload.text_column, upload.label_column)
    rows = modeldata.read_task_rows(upload.path, declared.task, columns)
    _pin_from_samples(declared, at)
    return _store(
        rows,
        family=declared,
        at=at,
        fields={
            "name": (upload.name or upload.filename)[:LONGEST_NAME],
            "source": Dataset.Source.UPLOAD,
            "source_name": upload.filename,
            "created_by": actor,
        },
    )


def check_filename(filename: str) -> str:
    """The ending of a file that can be read.

    Raises:
        InputError: another ending.
    """
    for suffix in UPLOAD_SUFFIXES:
        for ending in (suffix, f"{suffix}.gz"):
            if filename.lower().endswith(ending):
                return ending
    raise InputError(
        "A file named {name!r} can't be read; upload one that ends with {endings} "
        "(or one of these with .gz).",
        name=Path(filename).name,
        endings=", ".join(UPLOAD_SUFFIXES),
    )


def pin_suites(*, family: Family, snapshot: Snapshot, at: datetime) -> None:
    """Freeze the family's suites when they are first needed; later snapshots leave them alone."""
    pinned = {dataset.suite for dataset in pinned_suites(family.name)}
    for suite in family.suites:
        if suite.name in pinned or suite.grows:
            continue
        rows: Any = snapshot.data  # split gives back the shape that it takes
        parts = modeldata.split(rows, evaluation_fraction=suite.evaluation_fraction, seed=suite.seed)
        _store(
            parts.evaluation,
            family=family,
            at=at,
            fields={
                "name": str(suite.label),
                "kind": Dataset.Kind.SUITE,
                "suite": suite.name,
                "source": Dataset.Source.SNAPSHOT,
                "source_name": snapshot.source,
            },
        )


def _pin_from_samples(family: Family, at: datetime) -> None:
    pinned = {dataset.suite for dataset in pinned_suites(family.name)}
    if any(suite.name not in pinned for suite in family.suites if not suite.grows):
        pin_suites(family=family, snapshot=family.build_snapshot(), at=at)


def grow_suite(
    *, family: str, suite: str, rows: LabelledTexts, gold: LabelledTexts, source: str, at: datetime
) -> Dataset | None:
    """Make the next edition of a suite that grows: what still stands of it, and the rows that it lacks.

    Args:
        gold: every text with its label of today. What the suite holds takes its label from there; what is not
            there any more leaves. Earlier editions stay as they were.

    Returns:
        The last edition; None if there is nothing to hold.

    Raises:
        InputError: the family declares no such suite.
    """
    declared = next((one for one in families.get(family).suites if one.name == suite and one.grows), None)
    if declared is None:
        raise InputError("The family {family} has no suite {suite} that grows.", family=family, suite=suite)
    with transaction.atomic():
        # Two editions follow one another, so that none is lost.
        lock(f"registry.suite:{family}:{suite}")
        present = pinned_suites(family).filter(suite=suite).first()
        held = content.rows_in(present) if present else LabelledTexts((), ())
        grown = _next_edition(held, rows, gold)
        if grown.digest == held.digest:
            return present
        editions = Dataset.objects.filter(family=family, kind=Dataset.Kind.SUITE, suite=suite)
        editions.filter(superseded_at=None).update(superseded_at=at)
        # What a version answered is found by the digest: the rows of an earlier edition are that one again.
        editions.filter(digest=grown.digest, erased_rows=0).update(superseded_at=None)
        if not grown.rows:
            return None
        return _store(
            grown,
            family=families.get(family),
            at=at,
            fields={
                "name": str(declared.label),
                "kind": Dataset.Kind.SUITE,
                "suite": suite,
                "source": Dataset.Source.SNAPSHOT,
                "source_name": source,
            },
        )


def _next_edition(held: Rows, rows: LabelledTexts, gold: LabelledTexts) -> LabelledTexts:
    if not isinstance(held, LabelledTexts):
        return LabelledTexts(rows.texts, rows.labels)
    label_of = dict(zip(map(modeldata.normalise, gold.texts), gold.labels, strict=True))
    standing = [text for text in held.texts if modeldata.normalise(text) in label_of]
    labels = [label_of[modeldata.normalise(text)] for text in standing]
    known = set(map(modeldata.normalise, standing))
    new = rows.take([i for i, text in enumerate(rows.texts) if modeldata.normalise(text) not in known])
    return LabelledTexts((*standing, *new.texts), (*labels, *new.labels))


def without_complete_profile(*, at: datetime) -> QuerySet[Dataset]:
    """The data sets that nobody is profiling, those whose worker must have died included."""
    nobody = Q(profiling_at__isnull=True) | Q(profiling_at__lt=at - PROFILED_WITHIN)
    return Dataset.objects.filter(nobody).exclude(profile__has_key="is_complete")


def complete_profile(*, dataset_id: int, at: datetime) -> bool:
    """Add suspected label errors to the profile, once; False if another worker is at it or has done it."""
    if not without_complete_profile(at=at).filter(pk=dataset_id).update(profiling_at=at):
        return False
    dataset = Dataset.objects.get(pk=dataset_id)
    profile = modeldata.profile(content.rows_in(dataset), label_errors=True, features=features_of)
    # Rows that were erased meanwhile do not come back with what was found about them.
    unchanged = Dataset.objects.filter(pk=dataset_id, content=dataset.content)
    return bool(unchanged.update(profile={**kept(profile), "is_complete": True}))


def kept(profile: modeldata.Profile) -> dict[str, Any]:
    """As JSON, with sentences that each reader can have in their language."""
    return {
        **profile.to_json(),
        "warnings": [warning.to_json() for warning in profile.warnings],
        "label_errors_note": profile.label_errors_note.to_json(),
    }


def _store(rows: Rows, *, family: Family, at: datetime, fields: dict[str, Any]) -> Dataset:
    labels = labels_of(rows)
    is_suite = fields.get("kind") == Dataset.Kind.SUITE
    if family.task == "classification" and len(labels) < 2 and not is_suite:
        raise InputError(
            "All {rows:,} rows have the label {label!r}; a classifier needs rows of two labels at least.",
            rows=len(rows.rows),
            label=labels[0],
        )
    kind = fields.get("kind", Dataset.Kind.TRAINING)
    key: dict[str, Any] = {"family": family.name, "kind": kind, "suite": fields.get("suite", "")}
    if kind == Dataset.Kind.TRAINING:
        # One that lost rows to an erasure keeps its digest and is not these rows any more.
        key |= {"digest": rows.digest, "erased_rows": 0}
    else:
        key["superseded_at"] = None
    existing = Dataset.objects.filter(**key).first()
    if existing is not None:
        return existing
    profile = kept(modeldata.profile(rows, label_errors=False))
    values = {
        **fields,
        "format": content.format_of(rows),
        "digest": rows.digest,
        "rows": len(rows.rows),
        "labels": labels,
        "profile": profile,
        "created_at": at,
    }
    with transaction.atomic():
        stored = put_file(store.DATASET_ROWS, content.to_bytes(rows))
        dataset, is_new = Dataset.objects.get_or_create(**key, defaults={**values, "content": stored})
        if is_new:
            told = {name: values[name] for name in ("digest", "source", "rows")}
            audit.record(
                actor=fields.get("created_by"),
                action="dataset.imported",
                subject=str(dataset.pk),
                detail={"family": family.name, "kind": kind, **told},
            )
    return dataset


def labels_of(rows: Rows) -> list[str]:
    if isinstance(rows, LabelledTexts):
        return sorted(set(rows.labels))
    if hasattr(rows, "spans"):
        return sorted({span.label for spans in rows.spans for span in spans})
    return []
