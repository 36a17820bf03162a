"""Abstention on BANKING77 over five seeds: how much is answered, how right, how often a promise breaks."""

import statistics
from typing import Any

import numpy as np

from apps.support.engine.certifying import TARGETS
from benchmarks.abstaining import Trial, figures, run_trial
from benchmarks.full_fit import WORK, banking77
from benchmarks.report import Report, Row, publish
from modelcore.evaluation.selective import certify_precision, risk_coverage

SEEDS = (0, 1, 2, 3, 4)
COVERAGES = {0.95: 94.0, 0.98: 84.0, 0.99: 66.0}
RESAMPLES = 40  # a seed: 200 in all


def measure() -> None:
    train, test = banking77()
    found, broken, areas = [], [], []
    for seed in SEEDS:
        trial = run_trial(train, test, (), seed=seed, work=WORK)
        found.append(figures(trial))
        broken.append(broken_promises(trial, seed=seed))
        areas.append(risk_coverage(trial.test.confidence, trial.test.correct).area)
        print(
            seed, {name: found[-1][name] for name in ("accuracy", "ece", "coverage", "precision")}, flush=True
        )
    publish(
        Report(
            "abstention",
            "BANKING77, a quarter of the training texts to certify on, 5 seeds",
            _rows(found, broken, areas),
            {"seeds": SEEDS, "figures": found, "broken": broken, "aurc": areas},
        )
    )


def broken_promises(trial: Trial, *, seed: int, resamples: int = RESAMPLES) -> dict[str, list[float]]:
    """For each target the true precision of certificates made on draws from a known population, less it.

    The population are all the texts that the model has not seen, those to certify on and the test; each draw
    is as large as the calibration part, with replacement, so that the precision of what a threshold answers
    is known exactly.
    """
    asked = (trial.calibration, trial.test)
    sure = np.concatenate([one.confidence for one in asked])
    right = np.concatenate([one.correct for one in asked])
    generator = np.random.default_rng(seed)
    margins: dict[str, list[float]] = {f"{target:g}": [] for target in TARGETS}
    for _ in range(resamples):
        drawn = generator.integers(0, len(sure), len(trial.calibration.correct))
        for target in TARGETS:
            threshold = certify_precision(sure[drawn], right[drawn], target=target).threshold
            if threshold is not None:
                margins[f"{target:g}"].append(float(right[sure >= threshold].mean()) - target)
    return margins


def _rows(found: list[dict[str, Any]], broken: list[dict[str, list[float]]], areas: list[float]) -> list[Row]:
    margins = [margin for seed in broken for part in seed.values() for margin in part]
    rows = [
        Row("accuracy, mean", 100 * _mean(found, "accuracy"), unit="%"),
        Row("calibration error of the confidence, mean", _mean(found, "ece"), 0.02, False),
    ]
    for target in TARGETS:
        key = f"{target:g}"
        coverages = [100 * one["coverage"][key] for one in found]
        precisions = [100 * (one["precision"][key] or 0.0) for one in found]
        rows += [
            Row(f"answered at {key}, mean", statistics.mean(coverages), COVERAGES[target], unit="%"),
            Row(f"answered at {key}, least", min(coverages), unit="%"),
            Row(f"precision at {key}, mean", statistics.mean(precisions), 100 * target, unit="%"),
        ]
    share = sum(margin < 0 for margin in margins) / len(margins)
    return [
        *rows,
        Row("promises broken over 200 resamples", 100 * share, 5.0, False, "%"),
        Row("area under risk and coverage, mean", statistics.mean(areas)),
    ]


def _mean(found: list[dict[str, Any]], name: str) -> float:
    return statistics.mean(float(one[name]) for one in found)
