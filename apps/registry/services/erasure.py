"""Rows that somebody wrote leave every data set of a family or change there, and the store with it."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services.audit import record
from apps.registry import content, store
from apps.registry.content import Rows
from apps.registry.models import Dataset, Evaluation, Remains
from apps.registry.services.datasets import kept, labels_of
from modelcore import data as modeldata
from modelcore.data import LabelledTexts, TextPairs


def erase_rows(
    *, family: str, is_erased: Callable[[str], bool], at: datetime, actor: User | None = None
) -> int:
    """Write the family's data sets anew without some rows; returns how many rows went.

    A data set keeps the digest of the rows as they came, so that it is still known what a version was fitted
    on. Safe to run again and after a crash at any moment: what is gone from a data set is not found again,
    and what is still to be taken from the store is told by Remains.
    """
    return sum(
        _erase_from(dataset_id, is_erased, at, actor)
        for dataset_id in Dataset.objects.filter(family=family, rows__gt=0).values_list("pk", flat=True)
    )


def rewrite_rows(
    *, family: str, rewritten: Callable[[str], str], at: datetime, actor: User | None = None
) -> int:
    """Write the family's labelled texts anew with other words; returns how many rows changed.

    A row stays where it was, so what versions answered to it still compares. As safe as `erase_rows`.
    """
    datasets = Dataset.objects.filter(family=family, rows__gt=0, format=content.LABELLED)
    return sum(_rewrite_in(pk, rewritten, at, actor) for pk in datasets.values_list("pk", flat=True))


def note_remains(path: str, at: datetime) -> None:
    """In the transaction that lets go of a file of the store."""
    Remains.objects.get_or_create(path=path, defaults={"since": at})


def remove_remains() -> int:
    """Take from the store what was let go of, unless the same rows came in again; how many files went."""
    paths = list(Remains.objects.values_list("path", flat=True))
    used = {store.DATASET_ROWS.path(digest) for digest in Dataset.objects.values_list("content", flat=True)}
    for path in paths:
        if path not in used:
            store.remove_file(path)
        Remains.objects.filter(path=path).delete()
    return len(paths)


def _erase_from(dataset_id: int, is_erased: Callable[[str], bool], at: datetime, actor: User | None) -> int:
    while True:
        dataset = Dataset.objects.get(pk=dataset_id)
        rows = content.rows_in(dataset)
        staying = [place for place, texts in enumerate(_texts(rows)) if not any(map(is_erased, texts))]
        gone = len(rows.rows) - len(staying)
        _erase_from_audit(dataset_id, is_erased)
        if not gone:
            return 0
        rest = rows.take(staying)
        stored = store.DATASET_ROWS.put(content.to_bytes(rest))
        with transaction.atomic():
            held = Dataset.objects.select_for_update().get(pk=dataset_id)
            if held.content != dataset.content:
                continue  # another erasure was faster; its rows are read anew
            note_remains(store.DATASET_ROWS.path(held.content), at)
            _rewrite(held, rest, stored, gone)
            _cut_evaluations(held, staying)
            detail = {"digest": held.digest, "content": stored, "rows": gone}
            record(actor=actor, key=None, action="dataset.rows_erased", subject=str(held.pk), detail=detail)
        return gone


@transaction.atomic
def _erase_from_audit(dataset_id: int, is_erased: Callable[[str], bool]) -> None:
    """Rows that were suspected to be wrongly labelled are named there by their texts."""
    held = Dataset.objects.select_for_update().get(pk=dataset_id)
    suspected = held.audit.get("suspected", [])
    staying = [one for one in suspected if not is_erased(one["text"])]
    if len(staying) < len(suspected):
        held.audit = {**held.audit, "suspected": staying}
        held.save(update_fields=["audit"])


def _rewrite_in(dataset_id: int, rewritten: Callable[[str], str], at: datetime, actor: User | None) -> int:
    while True:
        dataset = Dataset.objects.get(pk=dataset_id)
        rows = cast(LabelledTexts, content.rows_in(dataset))  # its format says so
        texts = tuple(map(rewritten, rows.texts))
        changed = sum(new != old for new, old in zip(texts, rows.texts, strict=True))
        _rewrite_audit(dataset_id, rewritten)
        if not changed:
            return 0
        anew = LabelledTexts(texts, rows.labels)
        stored = store.DATASET_ROWS.put(content.to_bytes(anew))
        with transaction.atomic():
            held = Dataset.objects.select_for_update().get(pk=dataset_id)
            if held.content != dataset.content:
                continue  # an erasure was faster; its rows are read anew
            note_remains(store.DATASET_ROWS.path(held.content), at)
            _rewrite(held, anew, stored, 0)
            detail = {"digest": held.digest, "content": stored, "rows": changed}
            record(
                actor=actor, key=None, action="dataset.rows_rewritten", subject=str(held.pk), detail=detail
            )
        return changed


@transaction.atomic
def _rewrite_audit(dataset_id: int, rewritten: Callable[[str], str]) -> None:
    held = Dataset.objects.select_for_update().get(pk=dataset_id)
    suspected = held.audit.get("suspected", [])
    anew = [{**one, "text": rewritten(one["text"])} for one in suspected]
    if anew != suspected:
        held.audit = {**held.audit, "suspected": anew}
        held.save(update_fields=["audit"])


def _rewrite(held: Dataset, rest: Rows, stored: str, gone: int) -> None:
    held.content, held.rows, held.labels = stored, len(rest.rows), labels_of(rest)
    held.erased_rows += gone
    # Without what a worker adds; it does that again.
    held.profile = kept(modeldata.profile(rest, label_errors=False)) if rest.rows else {"is_complete": True}
    held.profiling_at = None
    held.save(update_fields=["content", "rows", "labels", "erased_rows", "profile", "profiling_at"])


def _cut_evaluations(held: Dataset, staying: list[int]) -> None:
    """Versions are compared row by row of a suite, so the answers to rows that are gone go too."""
    for evaluation in Evaluation.objects.select_for_update().filter(suite_digest=held.digest):
        evaluation.predictions = [evaluation.predictions[place] for place in staying]
        evaluation.save(update_fields=["predictions"])


def _texts(rows: Rows) -> list[tuple[str, ...]]:
    if isinstance(rows, TextPairs):
        return list(zip(rows.anchors, rows.positives, strict=True))
    return [(text,) for text in rows.texts]
