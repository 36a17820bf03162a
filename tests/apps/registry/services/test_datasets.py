import gzip
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from django.db import connection

from apps.accounts.models import AuditEntry, User
from apps.registry import content, families, store
from apps.registry.families import Family
from apps.registry.models import Dataset
from apps.registry.services.datasets import (
    PROFILED_WITHIN,
    Upload,
    complete_profile,
    import_snapshot,
    import_upload,
    without_complete_profile,
)
from modelcore.errors import InputError
from modelcore.training.recipe import Recipe
from tests.apps.registry.factories import NOW, make_dataset, make_family, registered, rows

pytestmark = pytest.mark.django_db


def upload(
    path: Path, body: bytes, name: str = "rows.csv", *, actor: User | None = None, **columns: str
) -> Dataset:
    file = path / name
    file.write_bytes(body)
    told = Upload(file, name, "My rows", **columns)
    return import_upload(family="test-intent", upload=told, at=NOW, actor=actor)


def test_a_snapshot_is_stored_with_its_digest_and_profile(family: Family) -> None:
    dataset = make_dataset(family)

    assert content.rows_in(dataset) == rows()
    assert (dataset.digest, dataset.rows, len(dataset.labels)) == (rows().digest, 60, 3)
    assert dataset.profile["labels"] == {"card": 20, "lost": 20, "refund": 20}


def test_the_same_rows_are_the_same_data_set(family: Family) -> None:
    assert make_dataset(family) == make_dataset(family)


def test_what_a_model_is_taught_with_is_in_the_audit_trail_once(
    family: Family, owner: User, tmp_path: Path
) -> None:
    for _time in range(2):
        dataset = upload(tmp_path, b"text,label\nmy card,lost\nrefund me,refund\n", actor=owner)

    entry = AuditEntry.objects.get(action="dataset.imported", detail__source=Dataset.Source.UPLOAD)
    assert (entry.actor, entry.subject) == (owner, str(dataset.pk))
    assert (entry.detail["digest"], entry.detail["rows"]) == (dataset.digest, 2)


def test_a_suite_is_pinned_once(family: Family) -> None:
    make_dataset(family)
    pinned = Dataset.objects.get(kind=Dataset.Kind.SUITE)
    grown = Family(**{**vars(family), "build_snapshot": lambda: families.Snapshot(rows(30), "grown")})
    families.unregister(family.name)
    families.register(grown)

    import_snapshot(family=family.name, at=NOW)

    assert Dataset.objects.get(kind=Dataset.Kind.SUITE) == pinned
    assert Dataset.objects.filter(kind=Dataset.Kind.TRAINING).count() == 2


def test_a_file_with_columns_of_its_own_is_read(family: Family, tmp_path: Path) -> None:
    body = b"question,intent\nmy card is lost,lost\nrefund me,refund\n"

    dataset = upload(tmp_path, body, text_column="question", label_column="intent")

    assert dataset.labels == ["lost", "refund"]
    assert dataset.source == Dataset.Source.UPLOAD


def test_a_packed_file_is_read(family: Family, tmp_path: Path) -> None:
    body = gzip.compress(b"text,label\na b,one\nc d,two\n")

    assert upload(tmp_path, body, "rows.csv.gz").rows == 2


def test_a_file_without_another_name_has_that_of_its_file(family: Family, tmp_path: Path) -> None:
    file = tmp_path / f"{'r' * 190}.csv"
    file.write_bytes(b"text,label\na b,one\nc d,two\n")

    dataset = import_upload(family="test-intent", upload=Upload(file, file.name, ""), at=NOW)

    assert (dataset.name, dataset.source_name) == ("r" * 120, file.name)


@pytest.mark.parametrize(
    ("task", "name", "body", "shape"),
    [
        ("embedding", "rows.csv", b"text,positive\na coat,a jacket\nred,crimson\n", content.PAIRS),
        ("embedding", "rows.csv", b"text,label\na coat,wear\nred,colour\n", content.LABELLED),
        ("tagging", "rows.conll", b"Mara B-PERSON\ncalled O\n", content.SPANS),
        ("tagging", "rows.bio", b"Mara B-PERSON\ncalled O\n", content.SPANS),
    ],
)
def test_what_a_task_learns_from_is_read_as_on_the_command_line(
    tmp_path: Path, task: Literal["embedding", "tagging"], name: str, body: bytes, shape: str
) -> None:
    with registered(make_family("test-intent", task=task, recipe=Recipe(task=task), suites=())):
        dataset = upload(tmp_path, body, name)

    assert dataset.format == content.format_of(content.rows_in(dataset)) == shape


@pytest.mark.parametrize(
    ("body", "name", "word"),
    [
        (b"text,topic\na,b\n", "rows.csv", "label"),
        (b"text,label\na,x\nb,x\n", "rows.csv", "label"),
        (b"text,label\n,x\nb,y\n", "rows.csv", "empty"),
        (b"text,label\na\x00b,x\nc,y\n", "rows.csv", "NUL"),
        (b"", "rows.csv", "rows"),
        (b"text,label\na,x\nb,y\n", "rows.exe", "can't be read"),
        (gzip.compress(b"text,label\n" + b"a" * 80_000_000), "rows.csv.gz", "bytes|MiB|times"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(
    family: Family, tmp_path: Path, body: bytes, name: str, word: str
) -> None:
    with pytest.raises(InputError, match=word):
        upload(tmp_path, body, name)

    assert not Dataset.objects.filter(kind=Dataset.Kind.TRAINING).exists()


def test_an_unknown_family_is_named(tmp_path: Path) -> None:
    with pytest.raises(families.UnknownFamilyError, match="no-such"):
        import_snapshot(family="no-such", at=NOW)


def test_damaged_content_is_told(family: Family) -> None:
    dataset = make_dataset(family)
    filesystem, path = store.DATASET_ROWS._place(dataset.content)
    filesystem.pipe_file(path, b"other")

    with pytest.raises(store.ContentLostError, match="damaged"):
        content.rows_in(dataset)


def test_label_errors_are_sought_afterwards(family: Family) -> None:
    dataset = make_dataset(family)

    done = [complete_profile(dataset_id=dataset.pk, at=NOW) for _ in range(2)]

    assert done == [True, False]
    assert Dataset.objects.get(pk=dataset.pk).profile["is_complete"]


def test_a_profile_whose_worker_died_is_taken_up_again(family: Family) -> None:
    dataset = make_dataset(family)
    Dataset.objects.filter(pk=dataset.pk).update(profiling_at=NOW)

    later = NOW + PROFILED_WITHIN + timedelta(seconds=1)

    assert not complete_profile(dataset_id=dataset.pk, at=NOW + PROFILED_WITHIN)
    assert complete_profile(dataset_id=dataset.pk, at=later)
    assert not complete_profile(dataset_id=dataset.pk, at=later + 2 * PROFILED_WITHIN)


def test_what_has_no_profile_yet_is_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # which so few rows are quickest read by

    assert "registry_dataset_unprofiled" in without_complete_profile(at=NOW).explain()
