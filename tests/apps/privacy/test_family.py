import pytest

from apps.privacy.family import PERSONAL_DATA, build_snapshot
from apps.registry import content, families
from apps.registry.models import Dataset
from apps.registry.selectors.suites import pinned_suites
from apps.registry.services.datasets import import_snapshot
from apps.registry.services.execution import training_rows
from modelcore.data import SpanTexts
from tests.apps.support.factories import NOW


@pytest.fixture
def snapshot(db: None, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """Few sentences; their templates come once each."""
    monkeypatch.setattr(build_snapshot, "__defaults__", (240,))
    return import_snapshot(family=PERSONAL_DATA.name, at=NOW)


def rows_of(dataset: Dataset) -> SpanTexts:
    rows = content.rows_in(dataset)
    assert isinstance(rows, SpanTexts)
    return rows


def test_the_family_is_registered_and_not_trained_in_the_demo() -> None:
    assert families.get("personal-data") is PERSONAL_DATA
    assert PERSONAL_DATA.in_demo == "never"


def test_the_same_sentences_are_the_same_data_set() -> None:
    assert build_snapshot(30).data == build_snapshot(30).data


def test_the_suite_holds_templates_that_no_run_learns(snapshot: Dataset) -> None:
    suite = pinned_suites(PERSONAL_DATA.name).get()
    train, validation = training_rows(snapshot, [suite])

    assert set(rows_of(suite).groups).isdisjoint({*train.groups, *validation.groups})
    assert set(train.groups).isdisjoint(validation.groups)


def test_a_data_set_keeps_which_template_made_each_sentence(snapshot: Dataset) -> None:
    assert len(set(rows_of(snapshot).groups)) == 240
