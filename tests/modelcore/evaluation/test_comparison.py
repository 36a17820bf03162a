import numpy as np
import pytest
from scipy.stats import binom

from modelcore.errors import InputError
from modelcore.evaluation import (
    paired_significance,
    share_interval,
)


def judged(right: int, wrong: int) -> np.ndarray:
    return np.array([True] * right + [False] * wrong)


@pytest.mark.parametrize("share", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("texts", [20, 120, 600])
def test_95_of_100_intervals_hold_the_true_share(share: float, texts: int) -> None:
    held = [low <= share <= high for low, high in (share_interval(k, texts) for k in range(texts + 1))]
    assert binom.pmf(range(texts + 1), texts, share) @ np.array(held) > 0.92


@pytest.mark.parametrize("texts", [1, 20, 3_080])
def test_a_share_lies_in_its_interval_at_both_ends(texts: int) -> None:
    (lowest, high), (low, highest) = share_interval(0, texts), share_interval(texts, texts)
    assert (lowest, highest) == (0, 1)
    assert 0 < high < 1 > low > 0


def test_the_interval_of_many_texts_is_the_normal_one_of_95_per_cent() -> None:
    # 0.8 and 1.96 times the square root of 0.8 * 0.2 / 10,000.
    assert share_interval(8_000, 10_000) == pytest.approx((0.7922, 0.8078), abs=0.0004)


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
        paired_significance([], [])
