import numpy as np
import pytest

from modelcore.errors import InputError
from modelcore.evaluation import expected_calibration_error
from modelcore.evaluation.curves import Curve, fit_curve


def draw(count: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores from -5 to 5 and answers that are right as seldom as a bent curve says."""
    generator = np.random.default_rng(seed)
    scores = generator.uniform(-5, 5, count)
    return scores, generator.random(count) < np.where(scores < 0, 0.2, 0.5 + 0.1 * scores)


def test_a_fitted_curve_is_calibrated_on_other_scores() -> None:
    curve = fit_curve(*draw(2000, seed=0))
    scores, right = draw(4000, seed=1)
    assert expected_calibration_error(curve(scores), right) < 0.05


@pytest.mark.parametrize(("share", "count"), [(0.98, 150), (0.98, 1000), (0.995, 300), (1.0, 60)])
def test_where_nearly_all_is_right_the_curve_says_so_from_few_answers(share: float, count: int) -> None:
    generator = np.random.default_rng(4)
    scores, judged = generator.normal(0, 3, count), generator.normal(0, 3, 3000)
    border = np.quantile(judged, 1 - share)
    curve = fit_curve(scores, scores >= border)
    assert expected_calibration_error(curve(judged), judged >= border) < 0.02


def test_a_curve_keeps_different_scores_apart_and_in_order() -> None:
    scores, right = draw(500, seed=2)
    found = fit_curve(scores, right)(np.sort(scores))
    assert np.all(np.diff(found) > 0)
    assert found.min() >= 0
    assert found.max() <= 1


def test_a_few_right_answers_do_not_make_certainty() -> None:
    assert fit_curve(np.arange(30.0), [True] * 30)(np.array([29.0]))[0] < 1


@pytest.mark.parametrize(("scores", "right"), [([1.0] * 50, [True] * 50), ([1.0, 2.0], [True, False])])
def test_where_nothing_can_be_learned_the_curve_is_logistic(scores: list[float], right: list[bool]) -> None:
    assert fit_curve(scores, right)(np.array([0.0, np.log(3)])) == pytest.approx([0.5, 0.75], abs=0.01)


def test_a_curve_survives_json() -> None:
    curve = fit_curve(*draw(100, seed=3))
    assert Curve.from_json(curve.to_json()) == curve


@pytest.mark.parametrize(("scores", "right"), [([1.0], [True, False]), ([np.inf], [True])])
def test_what_makes_no_curve_is_refused(scores: list[float], right: list[bool]) -> None:
    with pytest.raises(InputError):
        fit_curve(scores, right)
