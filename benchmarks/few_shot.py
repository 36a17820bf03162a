"""BANKING77 with ten and five examples of each label: test accuracy over five seeds."""

import statistics
import tempfile
from pathlib import Path

from benchmarks.data.files import banking77
from benchmarks.report import Report, Row, publish
from modelcore import training
from modelcore.data import sample_per_label
from modelcore.training.recipe import Recipe

SEEDS = (0, 1, 2, 3, 4)
GOALS = {10: 86.0, 5: 80.0}


def main() -> None:
    train, test = banking77()
    rows, details = [], {}
    for per_label, goal in GOALS.items():
        accuracies, seconds = [], []
        for seed in SEEDS:
            few = sample_per_label(train, per_label=per_label, seed=seed)
            with tempfile.TemporaryDirectory() as folder:
                fit = training.fit(few, test, Recipe(seed=seed), out=Path(folder) / "model")
            accuracies.append(fit.metrics["accuracy"])
            seconds.append(fit.seconds)
            print(per_label, seed, accuracies[-1], seconds[-1], flush=True)
        rows += [
            Row(f"{per_label} a label: accuracy, mean", 100 * statistics.mean(accuracies), goal, unit="%"),
            Row(f"{per_label} a label: accuracy, worst", 100 * min(accuracies), unit="%"),
            Row(f"{per_label} a label: seconds, longest", max(seconds), unit="s"),
        ]
        details[str(per_label)] = {"accuracies": accuracies, "seconds": seconds}
    publish(Report("few_shot", "BANKING77, few examples a label, --method auto, 5 seeds", rows, details))


if __name__ == "__main__":
    main()
