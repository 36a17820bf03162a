from pathlib import Path

import pytest

from apps.accounts.models import AuditEntry
from apps.registry import content, store
from apps.registry.families import Family
from apps.registry.models import Dataset, Remains
from apps.registry.services.erasure import erase_rows, remove_remains
from modelcore.data import LabelledTexts
from tests.apps.registry.factories import NOW, make_dataset, make_version, rows, write_counting_model

pytestmark = pytest.mark.django_db

GONE = "my card 3"


def texts_in(dataset: Dataset) -> tuple[str, ...]:
    data = content.rows_in(dataset)
    assert isinstance(data, LabelledTexts)
    return data.texts


def erase(family: Family) -> int:
    return erase_rows(family=family.name, is_erased=lambda text: text == GONE, at=NOW)


def test_an_erased_row_leaves_every_data_set_and_the_store(family: Family) -> None:
    dataset = make_dataset(family)
    before = dataset.content

    assert erase(family) >= 1
    assert remove_remains() >= 1

    dataset.refresh_from_db()
    assert GONE not in texts_in(dataset)
    assert (dataset.rows, dataset.erased_rows, dataset.digest) == (59, 1, rows().digest)
    with pytest.raises(store.ContentLostError):
        store.DATASET_ROWS.read(before)


def test_erasing_again_changes_nothing(family: Family) -> None:
    make_dataset(family)
    erase(family)
    before = list(Dataset.objects.order_by("pk").values("content", "rows", "erased_rows"))

    assert erase(family) == 0
    assert list(Dataset.objects.order_by("pk").values("content", "rows", "erased_rows")) == before


def test_files_that_a_killed_process_left_are_removed_later(family: Family) -> None:
    make_dataset(family)
    erase(family)
    left = list(Remains.objects.values_list("path", flat=True))

    assert left
    assert remove_remains() == len(left)
    assert (remove_remains(), Remains.objects.count()) == (0, 0)


def test_versions_are_still_compared_on_a_suite_that_lost_a_row(family: Family, tmp_path: Path) -> None:
    version = make_version(family, write_counting_model(tmp_path / "model"))
    suite = Dataset.objects.get(kind=Dataset.Kind.SUITE)
    lost = texts_in(suite)[0]

    erase_rows(family=family.name, is_erased=lambda text: text == lost, at=NOW)

    suite.refresh_from_db()
    assert len(version.evaluations.get().predictions) == suite.rows


def test_each_data_set_that_lost_rows_is_in_the_audit_trail(family: Family) -> None:
    make_dataset(family)

    erase(family)

    entry = AuditEntry.objects.filter(action="dataset.rows_erased").latest("number")
    assert entry.detail["rows"] == 1
    assert GONE not in str(entry.detail)


def test_the_same_rows_that_come_in_again_keep_their_file(family: Family) -> None:
    dataset = make_dataset(family)
    before = dataset.content
    erase(family)
    store.DATASET_ROWS.put(content.to_bytes(rows()))
    Dataset.objects.filter(pk=dataset.pk).update(content=before)

    remove_remains()

    assert content.rows_in(Dataset.objects.get(pk=dataset.pk)) == rows()
