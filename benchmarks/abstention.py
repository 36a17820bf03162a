"""When the bot stays silent, and what its promises are worth: on any data, or the project's own figures.

python -m benchmarks.abstention TRAIN --eval TEST [--out-of-scope FILE] [--text-column C] [--label-column C]
[--seed 0] prints one JSON object as its last line; without arguments BANKING77 is measured over five seeds.

By target, `precision` is the share of right answers among all, to TEST and to the out-of-scope texts, each of
which is wrong; `precision_in_scope` the share among those to TEST alone. `also_in_train` counts texts asked
that stand in TRAIN too: these flatter the figures, or make an error of an answer that was taught.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any

import numpy as np

from apps.support.engine.certifying import certify_answers
from apps.support.engine.decision import TARGETS
from benchmarks.data.files import banking77
from benchmarks.fits.abstaining import Trial, figures, run_trial
from benchmarks.fits.full import WORK
from benchmarks.report import Report, Row, publish
from modelcore.data import normalise, profile, read_labelled, read_texts, tell_unknown
from modelcore.errors import ModelcoreError
from modelcore.evaluation.selective import risk_coverage

SEEDS = (0, 1, 2, 3, 4)
COVERAGES = {0.95: 94.0, 0.98: 84.0, 0.99: 66.0}
RESAMPLES = 40  # a seed: 200 in all


def main() -> None:
    if len(sys.argv) == 1:
        measure()
        return
    try:
        print(json.dumps(judge(_arguments()), ensure_ascii=False))
    except ModelcoreError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def judge(arguments: argparse.Namespace) -> dict[str, Any]:
    """The figures on the caller's files."""
    columns = {"text_column": arguments.text_column, "label_column": arguments.label_column}
    train = read_labelled(arguments.train, **columns)
    test = read_labelled(arguments.eval, **columns, minimum_labels=1)
    unknown = tell_unknown(test.labels, set(train.labels))
    outside: tuple[str, ...] = ()
    if arguments.out_of_scope:
        outside = read_texts(arguments.out_of_scope, text_column=arguments.text_column)
    for sentence in (unknown, *profile(train, evaluation=test, label_errors=False).warnings):
        if sentence:
            print(sentence, file=sys.stderr)
    taught = set(map(normalise, train.texts))
    asked = {"test": test.texts, "out_of_scope": outside}
    return {
        **figures(run_trial(train, test, outside, seed=arguments.seed)),
        "also_in_train": {
            name: sum(normalise(text) in taught for text in texts) for name, texts in asked.items()
        },
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.abstention", description=__doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("--eval", type=Path, required=True, help="labelled texts that are asked once")
    parser.add_argument("--out-of-scope", type=Path, help="texts that nobody can answer")
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--label-column", default="label")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def measure() -> None:
    """BANKING77: how much is answered, how right, and how often a promise breaks."""
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
            threshold = certify_answers(sure[drawn], right[drawn], target=target).threshold
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


if __name__ == "__main__":
    main()
