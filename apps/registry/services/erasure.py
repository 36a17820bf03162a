"""Rows that somebody wrote leave every data set of a family or change there, and the store with it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.registry import content, store
from apps.registry.models import Dataset, Evaluation
from apps.registry.services.datasets import kept, labels_of
from apps.registry.services.files import note_remains, put_file
from apps.streams.sweeps import sweep
from modelcore import data as modeldata
from modelcore.data import LabelledTexts, Rows, TextPairs

logger = logging.getLogger(__name__)


def erase_rows(
    *, family: str, is_erased: Callable[[str], bool], at: datetime, actor: User | None = None
) -> int:
    """Write the family's data sets anew without some rows; returns how many rows went.

    A data set keeps the digest of the rows as they came, so that it is still known what a version was fitted
    on. Safe to run again and after a crash at any moment: what is gone from a data set is not found again,
    and what is still to be taken from the store is told by Remains. A file that is lost holds up no other.
    """
    datasets = Dataset.objects.filter(family=family, rows__gt=0)
    return sweep(datasets.values_list("pk", flat=True), lambda pk: _erase_from(pk, is_erased, at, actor))


def rewrite_rows(
    *, family: str, rewritten: Callable[[str], str], at: datetime, actor: User | None = None
) -> int:
    """Write the family's labelled texts anew with other words; returns how many rows changed.

    A row stays where it was, so what versions answered to it still compares. As safe as `erase_rows`.
    """
    datasets = Dataset.objects.filter(family=family, rows__gt=0, format=content.LABELLED)
    return sweep(datasets.values_list("pk", flat=True), lambda pk: _rewrite_in(pk, rewritten, at, actor))


@dataclass(frozen=True)
class _Changed:
    """Rows as they are to be, how many changed or went, and where some went the places of the others."""

    rows: Rows
    count: int
    staying: list[int] | None = None


def _erase_from(dataset_id: int, is_erased: Callable[[str], bool], at: datetime, actor: User | None) -> int:
    def without(rows: Rows) -> _Changed:
        staying = [place for place, texts in enumerate(_texts(rows)) if not any(map(is_erased, texts))]
        return _Changed(rows.take(staying), len(rows.rows) - len(staying), staying)

    _change_audit(dataset_id, lambda suspected: [one for one in suspected if not is_erased(one["text"])])
    return _write_anew(dataset_id, without, "dataset.rows_erased", at, actor)


def _rewrite_in(dataset_id: int, rewritten: Callable[[str], str], at: datetime, actor: User | None) -> int:
    def in_other_words(rows: Rows) -> _Changed:
        labelled = cast(LabelledTexts, rows)  # the data set's format says so
        texts = tuple(map(rewritten, labelled.texts))
        changed = sum(new != old for new, old in zip(texts, labelled.texts, strict=True))
        return _Changed(LabelledTexts(texts, labelled.labels), changed)

    _change_audit(
        dataset_id, lambda suspected: [{**one, "text": rewritten(one["text"])} for one in suspected]
    )
    return _write_anew(dataset_id, in_other_words, "dataset.rows_rewritten", at, actor)


def _write_anew(
    dataset_id: int, change: Callable[[Rows], _Changed], action: str, at: datetime, actor: User | None
) -> int:
    while True:
        dataset = Dataset.objects.get(pk=dataset_id)
        try:
            changed = change(content.rows_in(dataset))
        except store.ContentLostError as error:
            if not _is_given_up(dataset, error):
                continue
            return 0
        if not changed.count:
            return 0
        told = _told_of(changed.rows)
        with transaction.atomic():
            stored = put_file(store.DATASET_ROWS, content.to_bytes(changed.rows))
            held = Dataset.objects.select_for_update().get(pk=dataset_id)
            if held.content != dataset.content:
                continue  # another was faster; its rows are read anew
            note_remains(store.DATASET_ROWS.path(held.content), at)
            if changed.staying is not None:
                held.erased_rows += changed.count
                _cut_evaluations(held, changed.staying)
            _rewrite(held, stored, told, at)
            detail = {"digest": held.digest, "content": stored, "rows": changed.count}
            audit.record(actor=actor, action=action, subject=str(held.pk), detail=detail)
        return changed.count


def _is_given_up(dataset: Dataset, error: store.ContentLostError) -> bool:
    """What is lost is gone, and a damaged file goes too: nobody can tell any more whose words it holds."""
    if not Dataset.objects.filter(pk=dataset.pk, content=dataset.content).exists():
        return False  # another wrote the rows anew; they lie elsewhere now
    logger.error("data set %s can't be written anew: %s", dataset.pk, error)
    store.remove_file(store.DATASET_ROWS.path(dataset.content))
    return True


@transaction.atomic
def _change_audit(dataset_id: int, change: Callable[[list[Any]], list[Any]]) -> None:
    """Rows that were suspected to be wrongly labelled are named there by their texts.

    How many there were stays: the gate judges that, and nobody passes it by being erased.
    """
    held = Dataset.objects.select_for_update().get(pk=dataset_id)
    suspected = held.audit.get("suspected", [])
    anew = change(suspected)
    if anew != suspected:
        held.audit = {"suspects": len(suspected), **held.audit, "suspected": anew}
        held.save(update_fields=["audit"])


def _told_of(rows: Rows) -> dict[str, Any]:
    """Of a data set; seconds for many rows, so outside of any lock."""
    # Without what a worker adds; it does that again.
    profile = kept(modeldata.profile(rows, label_errors=False)) if rows.rows else {"is_complete": True}
    return {"rows": len(rows.rows), "labels": labels_of(rows), "profile": profile}


def _rewrite(held: Dataset, stored: str, told: dict[str, Any], at: datetime) -> None:
    held.content, held.profiling_at = stored, None
    for field, value in told.items():
        setattr(held, field, value)
    if held.kind == Dataset.Kind.SUITE and not held.rows and held.superseded_at is None:
        held.superseded_at = at  # nothing is measured on it any more; the next rows begin it anew
    held.save(
        update_fields=["content", "rows", "labels", "erased_rows", "profile", "profiling_at", "superseded_at"]
    )


def _cut_evaluations(held: Dataset, staying: list[int]) -> None:
    """Versions are compared row by row of a suite, so the answers to rows that are gone go too."""
    editions = Dataset.objects.filter(family=held.family, kind=held.kind, digest=held.digest)
    if editions.first() != held:
        return  # the same rows came in again, and answers are to those
    for evaluation in Evaluation.objects.select_for_update().filter(suite_digest=held.digest):
        if len(evaluation.predictions) == held.rows:  # others are to what was, and measured again
            evaluation.predictions = [evaluation.predictions[place] for place in staying]
            evaluation.save(update_fields=["predictions"])


def _texts(rows: Rows) -> list[tuple[str, ...]]:
    if isinstance(rows, TextPairs):
        return list(zip(rows.anchors, rows.positives, strict=True))
    return [(text,) for text in rows.texts]
