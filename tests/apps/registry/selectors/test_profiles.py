import pytest
from django.utils import translation

from apps.registry.models import Dataset
from apps.registry.names import language_name
from apps.registry.selectors.profiles import charts_of
from modelcore.sentence import Sentence


@pytest.mark.parametrize(("is_complete", "shown"), [(False, "–"), (True, 0)])
def test_label_errors_are_counted_once_somebody_has_looked(is_complete: bool, shown: object) -> None:
    dataset = Dataset(rows=3, labels=["a"], profile={"is_complete": is_complete, "label_error_count": 0})

    assert charts_of(dataset).counts[-1][1] == shown


def test_label_errors_that_were_not_sought_are_not_none() -> None:
    note = Sentence("Label errors were not sought.").to_json()
    profile = {"is_complete": True, "label_error_count": 0, "label_errors_note": note}

    assert charts_of(Dataset(rows=3, labels=["a"], profile=profile)).counts[-1][1] == "–"


def test_bars_are_by_size_whatever_the_order_in_the_database() -> None:
    profile = {"labels": {"a": 1, "bb": 5, "ccc": 3}, "languages": {"da": 0.2, "mt": 0.7, "other": 0.1}}

    shown = charts_of(Dataset(rows=9, labels=["a", "bb", "ccc"], profile=profile))

    assert [label for label, _, _ in shown.labels] == ["bb", "ccc", "a"]
    assert [name for name, _, _ in shown.languages] == ["Maltese", "Danish", "other"]


def test_languages_are_named_in_the_readers() -> None:
    with translation.override("zh-hans"):
        assert language_name("da") == "丹麦语"
        assert language_name("zh-hans") == "简体中文"
        assert language_name("other") == "其他"
