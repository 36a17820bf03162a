"""Erasure took every row: of a suite, which then begins anew, or of what was to be fitted on."""

from pathlib import Path

import pytest

from apps.registry import content
from apps.registry.families import Family
from apps.registry.models import Dataset
from apps.registry.selectors.comparison import NotComparableError, compare_versions
from apps.registry.selectors.suites import pinned_suites
from apps.registry.services.datasets import import_snapshot
from apps.registry.services.erasure import erase_rows
from apps.registry.services.evaluations import measure_for_gate
from apps.registry.services.execution import training_rows
from apps.registry.services.gate import evaluate_gate
from apps.registry.services.runs import WrongDatasetError, queue_run
from modelcore.artifacts import Artifact
from modelcore.data import LabelledTexts
from modelcore.errors import InputError
from tests.apps.registry.factories import NOW, grow_taught, make_dataset, make_version, write_counting_model

pytestmark = pytest.mark.django_db


def erase(family: Family, *digests: str) -> None:
    """All rows of these data sets, and the same texts elsewhere."""
    rows = [content.rows_in(one) for one in Dataset.objects.filter(digest__in=digests)]
    texts = {text for one in rows for text in one.texts}
    erase_rows(family=family.name, is_erased=texts.__contains__, at=NOW)


def test_a_suite_that_lost_its_last_row_grows_anew(growing_family: Family) -> None:
    dataset = make_dataset(growing_family)
    emptied = grow_taught(growing_family, 1)
    erase(growing_family, emptied.digest)

    assert training_rows(dataset, list(pinned_suites(growing_family.name)))
    grown = grow_taught(growing_family, 2)

    assert (grown.rows, grown.pk != emptied.pk) == (6, True)
    assert pinned_suites(growing_family.name).get(suite="taught") == grown


def test_an_edition_of_a_suite_that_lost_rows_does_not_come_back_for_all_of_them(
    growing_family: Family,
) -> None:
    first = grow_taught(growing_family, 1)
    erase(growing_family, first.digest)

    again = grow_taught(growing_family, 1)

    assert (again.digest, again.rows) == (first.digest, 3)


def test_answers_to_another_edition_of_the_same_rows_are_not_cut_twice(
    growing_family: Family, artifact: Artifact
) -> None:
    cut = grow_taught(growing_family, 1)
    erase_rows(family=growing_family.name, is_erased=lambda text: text == "refund please 0", at=NOW)
    whole = grow_taught(growing_family, 1)
    version = make_version(growing_family, artifact)
    measure_for_gate(version_id=version.pk, at=NOW)

    erase_rows(family=growing_family.name, is_erased=lambda text: text == "my card 0", at=NOW)

    assert whole.digest == cut.digest
    assert len(version.evaluations.get(suite="taught").predictions) == whole.rows - 1


def test_a_suite_that_lost_its_last_row_is_pinned_anew_by_the_next_snapshot(family: Family) -> None:
    make_dataset(family)
    erase(family, Dataset.objects.get(suite="held-out").digest)

    import_snapshot(family=family.name, at=NOW)

    assert pinned_suites(family.name).get().rows > 0


def test_versions_are_judged_and_compared_without_the_suite_that_is_gone(
    growing_family: Family, artifact: Artifact, tmp_path: Path
) -> None:
    suite = grow_taught(growing_family, 1)
    champion = make_version(growing_family, artifact)
    version = make_version(growing_family, write_counting_model(tmp_path / "model"))
    for one in (champion, version):
        measure_for_gate(version_id=one.pk, at=NOW)

    erase(growing_family, suite.digest)

    assert not evaluate_gate(version).lacks_measures
    assert not measure_for_gate(version_id=version.pk, at=NOW)
    assert compare_versions(champion, version).suite == "held-out"
    with pytest.raises(NotComparableError):
        compare_versions(champion, version, suite="taught")


def test_nothing_is_fitted_on_a_data_set_without_rows(family: Family) -> None:
    dataset = make_dataset(family)
    erase(family, dataset.digest)
    dataset.refresh_from_db()

    assert content.rows_in(dataset) == LabelledTexts((), ())
    with pytest.raises(WrongDatasetError, match="Every row of this data set was erased"):
        queue_run(dataset=dataset, changes={}, actor=None, at=NOW)
    with pytest.raises(InputError, match="Every row of the data set was erased"):
        training_rows(dataset, [])
