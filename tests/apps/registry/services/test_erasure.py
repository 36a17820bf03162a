from pathlib import Path

import pytest

from apps.accounts.models import AuditEntry
from apps.registry import content, store
from apps.registry.families import Family, GatePolicy
from apps.registry.models import Dataset, Remains
from apps.registry.selectors.comparison import NotComparableError, compare_versions
from apps.registry.selectors.suites import unmeasured_suites
from apps.registry.services.erasure import erase_rows
from apps.registry.services.evaluations import measure_for_gate
from apps.registry.services.files import remove_remains
from apps.registry.services.gate import check_labels, evaluate_gate
from apps.registry.services.promotion import promote_version
from apps.registry.services.versions import register_version
from modelcore.artifacts import Artifact
from modelcore.data import LabelledTexts
from tests.apps.registry.factories import NOW, answers, make_dataset, make_version, rows, write_counting_model

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


def test_the_same_rows_that_come_in_again_are_a_data_set_of_their_own(family: Family) -> None:
    cut = make_dataset(family)
    erase(family)

    whole = make_dataset(family)

    assert (whole.pk != cut.pk, whole.rows, whole.digest) == (True, 60, cut.digest)
    assert make_dataset(family) == whole


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


def test_a_batch_of_wrong_labels_does_not_pass_by_losing_them(family: Family) -> None:
    dataset = make_dataset(family)
    texts = texts_in(dataset)[:20]
    dataset.audit = {"rows": 60, "suspected": [{"text": text} for text in texts]}
    dataset.save()
    policy = GatePolicy(minimum=0.7, wrong_labels=0.1)
    (before,) = check_labels(dataset, policy)

    for some in (texts[:12], texts[12:]):
        erase_rows(family=family.name, is_erased=some.__contains__, at=NOW)

    dataset.refresh_from_db()
    assert dataset.audit["suspected"] == []
    assert list(check_labels(dataset, policy)) == [before]
    assert not before.passed


def test_the_same_rows_that_come_in_again_keep_their_file(family: Family) -> None:
    dataset = make_dataset(family)
    before = dataset.content
    erase(family)
    store.DATASET_ROWS.put(content.to_bytes(rows()))
    Dataset.objects.filter(pk=dataset.pk).update(content=before)

    remove_remains()

    assert content.rows_in(Dataset.objects.get(pk=dataset.pk)) == rows()


@pytest.mark.parametrize("left", [None, GONE.encode()])
def test_a_data_set_whose_file_is_lost_or_torn_keeps_no_other_from_being_written(
    family: Family, left: bytes | None
) -> None:
    dataset = make_dataset(family)
    suite = Dataset.objects.get(kind=Dataset.Kind.SUITE)
    gone = texts_in(suite)[0]
    filesystem, path = store.DATASET_ROWS._place(dataset.content)
    filesystem.rm_file(path)
    if left is not None:
        filesystem.pipe_file(path, left)

    assert erase_rows(family=family.name, is_erased=lambda text: text == gone, at=NOW) == 1

    suite.refresh_from_db()
    assert gone not in texts_in(suite)
    assert not filesystem.exists(path)  # nobody can tell any more what a torn one holds


def test_answers_to_rows_that_were_erased_meanwhile_are_measured_again(
    family: Family, artifact: Artifact
) -> None:
    champion = make_version(family, artifact)
    promote_version(version=champion, alias="champion", actor=None, reason="first", at=NOW)
    suite = Dataset.objects.get(kind=Dataset.Kind.SUITE)
    before = answers(suite, ())
    gone = content.rows_in(suite).texts[0]
    erase_rows(family=family.name, is_erased=lambda text: text == gone, at=NOW)

    version = register_version(family=family.name, artifact=artifact, at=NOW, measured=[before])

    assert [one.suite for one in unmeasured_suites(version)] == ["held-out"]
    assert measure_for_gate(version_id=version.pk, at=NOW) == 1
    assert compare_versions(champion, version).examples == suite.rows - 1
    assert not evaluate_gate(version).lacks_measures


def test_answers_that_do_not_fit_their_suite_are_told_and_measured_again(
    family: Family, artifact: Artifact
) -> None:
    champion, version = make_version(family, artifact), make_version(family, artifact)
    promote_version(version=champion, alias="champion", actor=None, reason="first", at=NOW)
    torn = version.evaluations.get()
    torn.predictions = torn.predictions[1:]
    torn.save()

    assert evaluate_gate(version).lacks_measures
    with pytest.raises(NotComparableError, match="have them measured"):
        compare_versions(champion, version)
    measure_for_gate(version_id=version.pk, at=NOW)
    assert not evaluate_gate(version).lacks_measures
