import pytest

from apps.registry.models import Dataset
from apps.registry.selectors.profiles import charts_of


@pytest.mark.parametrize(("is_complete", "shown"), [(False, "–"), (True, 0)])
def test_label_errors_are_counted_once_somebody_has_looked(is_complete: bool, shown: object) -> None:
    dataset = Dataset(rows=3, labels=["a"], profile={"is_complete": is_complete, "label_error_count": 0})

    assert charts_of(dataset).counts[-1][1] == shown
