import pytest

from benchmarks.report import Report, Row, conclude, percentile


def test_between_two_values_a_percentile_lies_on_the_line_from_one_to_the_other() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.5
    assert percentile([0.0, 100.0], 99) == 99.0
    assert percentile([7.0], 99) == 7.0


@pytest.mark.parametrize(("broken", "status"), [(0, 0), (1, 1)])
def test_a_broken_promise_is_in_the_exit_status(
    broken: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.report.publish", lambda report: None)

    with pytest.raises(SystemExit) as ended:
        conclude(Report("chaos", "Talk", [Row("messages lost", broken, 0, at_least=False)]))

    assert ended.value.code == status
