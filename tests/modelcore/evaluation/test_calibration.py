import numpy as np
import pytest
from scipy.special import softmax as reference_softmax
from sklearn.metrics import log_loss

from modelcore.errors import InputError
from modelcore.evaluation import expected_calibration_error, fit_temperature, reliability_bins, softmax


def calibrated_case(size: int, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """Logits whose softmax at `temperature` is the true chance of each label."""
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 2, size=(size, 4))
    chances = softmax(logits)
    truth = (chances.cumsum(axis=1) > generator.random((size, 1))).argmax(axis=1)
    return logits * temperature, truth


def test_ece_worked_out_by_hand() -> None:
    # Bins of a tenth: (0.8, 0.9] holds 0.85 right and 0.85 wrong, (0.5, 0.6] holds 0.55 right.
    confidence, correct = [0.85, 0.85, 0.55], [True, False, True]
    assert expected_calibration_error(confidence, correct, bins=10) == pytest.approx((2 * 0.35 + 0.45) / 3)


def test_bins_are_closed_above_and_hold_all_predictions() -> None:
    bins = reliability_bins([0.0, 0.5, 0.500001, 1.0], [0, 1, 1, 1], bins=2)
    assert [(one.low, one.high, one.count) for one in bins] == [(0.0, 0.5, 2), (0.5, 1.0, 2)]
    assert bins[0].to_json() == {"low": 0.0, "high": 0.5, "count": 2, "confidence": 0.25, "accuracy": 0.5}


def test_a_sure_and_right_model_is_calibrated() -> None:
    assert expected_calibration_error(np.ones(10), np.ones(10)) == 0.0


def test_softmax_is_that_of_scipy_and_does_not_overflow() -> None:
    logits = np.array([[1.0, 2.0, 3.0], [1e4, 0.0, -1e4]])
    np.testing.assert_allclose(softmax(logits), reference_softmax(logits, axis=1))
    np.testing.assert_allclose(softmax(logits, temperature=2.0), reference_softmax(logits / 2, axis=1))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_that_spoilt_the_logits_is_found(temperature: float) -> None:
    logits, truth = calibrated_case(20_000, temperature)
    assert fit_temperature(logits, truth) == pytest.approx(temperature, rel=0.03)


def test_no_other_temperature_is_likelier() -> None:
    logits, truth = calibrated_case(2_000, 2.0)
    best = fit_temperature(logits, truth)
    losses = [log_loss(truth, softmax(logits, temperature=best * factor)) for factor in (0.97, 1.0, 1.03)]
    assert losses[1] == min(losses)


def test_scaling_lowers_the_calibration_error_and_keeps_the_predictions() -> None:
    logits, truth = calibrated_case(5_000, 3.0)
    before, after = softmax(logits), softmax(logits, temperature=fit_temperature(logits, truth))
    assert np.array_equal(before.argmax(axis=1), after.argmax(axis=1))
    errors = [expected_calibration_error(p.max(axis=1), p.argmax(axis=1) == truth) for p in (before, after)]
    assert errors[1] < 0.03 < 0.1 < errors[0]


def test_a_model_without_an_error_in_few_texts_is_not_sure_of_all() -> None:
    logits, truth = calibrated_case(200, 1.0)
    right = np.flatnonzero(logits.argmax(axis=1) == truth)[:20]
    sure = softmax(logits[right], temperature=fit_temperature(logits[right], truth[right])).max(axis=1)
    assert len(sure) == 20
    assert sure.min() < 0.95


def test_the_prior_hardly_moves_the_temperature_of_300_texts() -> None:
    generator = np.random.default_rng(0)
    truth = generator.integers(0, 77, 300)
    logits = 4.2 * (generator.normal(size=(300, 77)) + 4.2 * np.eye(77)[truth])

    likeliest = fit_temperature(np.tile(logits, (100, 1)), np.tile(truth, 100))
    assert fit_temperature(logits, truth) == pytest.approx(likeliest, rel=0.01)


@pytest.mark.parametrize(
    ("logits", "truth", "sentence"),
    [
        (np.zeros((0, 2)), [], "give a row of logits for each"),
        (np.zeros((2, 2)), [0], "give a row of logits for each"),
        (np.array([[np.inf, 0.0]]), [0], "not a finite number"),
        (np.zeros((1, 2)), [2], "outside 0 to 1"),
    ],
)
def test_logits_that_do_not_fit_get_a_sentence(logits: np.ndarray, truth: list[int], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        fit_temperature(logits, truth)


def test_logits_in_place_of_confidences_are_refused() -> None:
    with pytest.raises(InputError, match="not logits"):
        reliability_bins([2.5], [True])
    with pytest.raises(InputError, match="give one of each"):
        reliability_bins([], [])
