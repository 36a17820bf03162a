import numpy as np
import pytest

from modelcore.errors import InputError
from modelcore.evaluation.selective import (
    certify_precision,
    fewest_examples,
    precision_limit,
    risk_coverage,
    separation,
)


def draw(count: int, *, seed: int, steepness: float = 0.12) -> tuple[np.ndarray, np.ndarray]:
    """Confidences, uniform, and answers that are right with a probability that rises with them."""
    generator = np.random.default_rng(seed)
    sure = generator.random(count)
    return sure, generator.random(count) < true_precision_at(sure, steepness)


def true_precision_at(sure: np.ndarray, steepness: float = 0.12) -> np.ndarray:
    return 1 - 0.5 * np.exp(-sure / steepness)


def true_precision_above(threshold: float) -> float:
    return float(true_precision_at(np.linspace(threshold, 1, 2001)).mean())


@pytest.mark.parametrize(("target", "needed"), [(0.95, 59), (0.98, 149), (0.99, 299)])
def test_the_fewest_examples_are_those_that_all_right_just_show_the_target(
    target: float, needed: int
) -> None:
    assert fewest_examples(target) == needed
    assert precision_limit(needed, 0) >= target > precision_limit(needed - 1, 0)


@pytest.mark.parametrize(("target", "errors"), [(0.95, 83), (0.98, 29), (0.99, 12)])
def test_of_two_thousand_answers_the_exact_limit_allows_the_known_numbers_of_errors(
    target: float, errors: int
) -> None:
    assert precision_limit(2000, errors) >= target > precision_limit(2000, errors + 1)


@pytest.mark.parametrize("target", [0.95, 0.98, 0.99])
def test_at_most_one_certificate_in_twenty_promises_too_much(target: float) -> None:
    broken = 0
    for seed in range(400):
        certificate = certify_precision(*draw(1500, seed=seed), target=target)
        if certificate.threshold is not None:
            broken += true_precision_above(certificate.threshold) < target
    assert broken / 400 <= 0.05


def test_a_certificate_counts_what_reaches_its_threshold() -> None:
    sure, right = draw(2000, seed=1)
    certificate = certify_precision(sure, right, target=0.95)
    assert certificate.threshold is not None
    reached = sure >= certificate.threshold
    assert certificate.answered == reached.sum()
    assert certificate.errors == (~right[reached]).sum()
    assert certificate.precision_at_least is not None
    assert certificate.precision_at_least >= 0.95


def test_more_calibration_data_let_more_be_answered() -> None:
    few, many = (certify_precision(*draw(n, seed=2), target=0.98) for n in (600, 20_000))
    assert few.coverage < many.coverage


def test_too_few_examples_are_certified_nothing_and_it_says_how_many_are_needed() -> None:
    certificate = certify_precision([0.9] * 58, [True] * 58, target=0.95)
    assert certificate.threshold is None
    assert "59" in certificate.reason
    assert "95%" in certificate.reason


def test_a_confidence_that_tells_nothing_is_certified_nothing() -> None:
    generator = np.random.default_rng(3)
    certificate = certify_precision(generator.random(1000), generator.random(1000) < 0.8, target=0.95)
    assert certificate.threshold is None
    assert "1000" in certificate.reason


def test_a_confidence_that_failed_where_it_should_be_surest_is_not_tried_again() -> None:
    """Of all thousand, 38 errors would do; but they are among the surest, where each test began."""
    right = np.arange(1000) >= 38
    certificate = certify_precision(np.linspace(1, 0, 1000), right, target=0.95)
    assert precision_limit(1000, 38) > 0.95
    assert certificate.threshold is None


@pytest.mark.parametrize(("errors", "is_certified"), [(11, True), (14, False)])
def test_answers_good_in_their_best_quarter_alone_are_tested_at_a_tenth_of_the_error_rate(
    errors: int, is_certified: bool
) -> None:
    # The first rank of that quarter has some 510 answers above it. Were they right at 95 %, the chance of 11
    # errors at most would be .002, of 14 it would be .01; a tenth of the error rate is .005.
    right = np.zeros(2_000, dtype=bool)
    right[errors:520] = True
    certificate = certify_precision(np.linspace(1, 0, 2_000), right, target=0.95)
    assert (certificate.threshold is not None) == is_certified


def test_what_is_as_sure_as_all_others_is_told_with_them() -> None:
    certificate = certify_precision([0.9] * 100, [True, False] * 50, target=0.95)
    assert "wrong answers to the surest 100 of 100 held-out examples: 50." in certificate.reason


@pytest.mark.parametrize(("count", "target"), [(80, 0.95), (500, 0.98)])
def test_where_all_are_right_all_is_answered_that_is_as_sure_as_they_were(count: int, target: float) -> None:
    certificate = certify_precision(np.linspace(0.2, 1, count), [True] * count, target=target)
    assert certificate.threshold == 0.2
    assert certificate.coverage == 1.0


@pytest.mark.parametrize(
    ("count", "target", "answered"), [(1000, 0.95, 960), (1000, 0.98, 960), (60, 0.95, 59)]
)
def test_no_more_is_answered_than_wanted_but_what_certifying_takes(
    count: int, target: float, answered: int
) -> None:
    certificate = certify_precision(np.linspace(0.2, 1, count), [True] * count, target=target, most=0.96)
    assert certificate.answered == answered


def test_equal_confidences_are_answered_although_more_than_wanted() -> None:
    certificate = certify_precision([0.9] * 500, [True] * 500, target=0.95, most=0.5)
    assert certificate.coverage == 1.0


def test_equal_confidences_are_answered_together_or_not_at_all() -> None:
    sure = np.repeat([0.9, 0.5], 300)
    right = np.arange(600) < 330
    certificate = certify_precision(sure, right, target=0.95)
    assert certificate.answered == 300
    assert 0.5 < (certificate.threshold or 0) <= 0.9


@pytest.mark.parametrize(
    ("sure", "right", "target"), [([0.5], [True, False], 0.95), ([1.5], [True], 0.95), ([0.5], [True], 1.0)]
)
def test_what_cannot_be_certified_is_refused(sure: list[float], right: list[bool], target: float) -> None:
    with pytest.raises(InputError):
        certify_precision(sure, right, target=target)


def test_the_risk_grows_as_less_sure_answers_are_given() -> None:
    curve = risk_coverage([0.9, 0.8, 0.8, 0.1], [True, True, False, False])
    assert curve.coverage == (0.25, 0.75, 1.0)
    assert curve.risk == pytest.approx((0.0, 1 / 3, 0.5))
    assert curve.area == pytest.approx(0.0 * 0.25 + 1 / 3 * 0.5 + 0.5 * 0.25)


def test_a_curve_of_nothing_is_refused() -> None:
    with pytest.raises(InputError):
        risk_coverage([], [])


def test_separation_is_the_share_of_pairs_in_the_right_order() -> None:
    assert separation([0.9, 0.4], [0.5, 0.4]) == pytest.approx((2 + 0.5) / 4)
