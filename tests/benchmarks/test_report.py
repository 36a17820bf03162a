from benchmarks.report import percentile


def test_between_two_values_a_percentile_lies_on_the_line_from_one_to_the_other() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.5
    assert percentile([0.0, 100.0], 99) == 99.0
    assert percentile([7.0], 99) == 7.0
