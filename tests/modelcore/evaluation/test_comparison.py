import numpy as np
import pytest
from scipy.stats import bootstrap

from modelcore.errors import InputError
from modelcore.evaluation import (
    bootstrap_interval,
    paired_significance,
)


def judged(right: int, wrong: int) -> np.ndarray:
    return np.array([True] * right + [False] * wrong)


def test_the_interval_is_that_of_resampling_the_texts() -> None:
    right = judged(83, 17)
    expected = bootstrap((right,), np.mean, method="percentile", n_resamples=5_000, rng=1).confidence_interval
    assert bootstrap_interval(right) == pytest.approx((expected.low, expected.high), abs=0.011)


def test_the_interval_is_seeded_and_narrows_with_more_texts() -> None:
    few, many = bootstrap_interval(judged(80, 20), 3), bootstrap_interval(judged(8_000, 2_000), 3)
    assert few == bootstrap_interval(judged(80, 20), 3)
    assert many[1] - many[0] < (few[1] - few[0]) / 8


def test_the_interval_of_many_texts_is_the_normal_one_of_95_per_cent() -> None:
    # 0.8 and 1.96 times the square root of 0.8 * 0.2 / 10,000.
    assert bootstrap_interval(judged(8_000, 2_000)) == pytest.approx((0.7922, 0.8078), abs=0.0004)


def test_mcnemar_worked_out_by_hand() -> None:
    # a alone right on 6 texts, b alone on 1: twice (C(7,0) + C(7,1)) / 2^7 = 16 / 128.
    a = np.array([True] * 6 + [False] * 1 + [True] * 10)
    b = np.array([False] * 6 + [True] * 1 + [True] * 10)
    found = paired_significance(a, b)
    assert found.p_value == pytest.approx(0.125)
    assert found.difference == pytest.approx(5 / 17)


def test_models_in_the_other_order_give_the_opposite_difference() -> None:
    a, b = judged(90, 10), judged(80, 20)
    there, back = paired_significance(a, b), paired_significance(b, a)
    assert there.difference == pytest.approx(-back.difference)
    assert there.p_value == back.p_value
    assert there.interval[0] > 0 > back.interval[1]


def test_the_paired_interval_is_that_of_resampling_the_texts() -> None:
    generator = np.random.default_rng(0)
    a, b = generator.random(300) < 0.9, generator.random(300) < 0.85
    differences = a.astype(float) - b
    drawn = [differences[generator.integers(0, 300, 300)].mean() for _ in range(4_000)]
    assert paired_significance(a, b).interval == pytest.approx(
        tuple(np.percentile(drawn, [2.5, 97.5])), abs=0.008
    )


def test_a_model_does_not_differ_from_itself() -> None:
    found = paired_significance(judged(5, 5), judged(5, 5))
    assert (found.difference, found.interval, found.p_value) == (0.0, (0.0, 0.0), 1.0)


def test_what_was_not_judged_on_the_same_texts_is_refused() -> None:
    with pytest.raises(InputError, match="on 10 texts and model b on 9"):
        paired_significance(judged(5, 5), judged(5, 4))
    with pytest.raises(InputError, match="at least one"):
        bootstrap_interval([])
