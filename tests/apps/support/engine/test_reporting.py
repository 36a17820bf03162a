import statistics

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from apps.support.engine.reporting import (
    Sample,
    Share,
    exact_shares,
    mean_difference,
    share_difference,
)

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**9), min_size=1, max_size=8)


@given(COUNTS)
def test_shares_sum_to_exactly_a_hundred(counts: dict[str, int]) -> None:
    shares = exact_shares(counts)

    assert sum(shares.values()) == (100 if any(counts.values()) else 0)


@given(COUNTS)
def test_each_share_is_within_a_unit_of_the_true_one(counts: dict[str, int]) -> None:
    total = sum(counts.values())
    for kind, share in exact_shares(counts).items():
        if total:
            assert abs(float(share) - 100 * counts[kind] / total) < 0.1 + 1e-9


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = Share(8, 10).interval or (0, 0)

    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)
    assert Share(0, 0).interval is None


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (3, 7), (0, 250), (250, 250), (41_234, 99_999)])
def test_an_interval_is_scipys_without_its_test_which_a_report_has_no_time_for(
    monkeypatch: pytest.MonkeyPatch, part: int, whole: int
) -> None:
    theirs = scipy.stats.binomtest(part, whole).proportion_ci(0.95, method="wilson")
    monkeypatch.delattr(scipy.stats, "binomtest")

    assert Share(part, whole).interval == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_the_difference_of_shares_is_newcombes() -> None:
    found = share_difference(Share(56, 70), Share(48, 80))

    assert found is not None
    assert found.value == pytest.approx(0.2)
    assert found.low == pytest.approx(0.0524, abs=1e-4)
    assert found.high == pytest.approx(0.3339, abs=1e-4)
    assert share_difference(Share(1, 2), Share(0, 0)) is None


def sample(*values: float) -> Sample:
    return Sample(len(values), statistics.fmean(values), statistics.variance(values))


def test_means_are_compared_as_welch_did() -> None:
    found = mean_difference(sample(4.0, 5.0, 3.0, 5.0), sample(2.0, 3.0, 2.0))

    assert found is not None
    assert found.value == pytest.approx(1.9167, abs=1e-4)
    assert found.low < found.value < found.high
    assert mean_difference(Sample(1, 1.0, None), sample(2.0, 3.0)) is None


def test_values_that_never_differ_do_not_make_a_difference_certain() -> None:
    assert mean_difference(sample(5.0, 5.0), sample(4.0, 4.0)) is None
    assert mean_difference(sample(5.0, 5.0), sample(4.0, 5.0)) is not None
