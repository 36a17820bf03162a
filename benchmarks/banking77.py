"""BANKING77 in full: accuracy over three seeds, time, and speed against the stock Trainer in the same run."""

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.data.files import banking77
from benchmarks.fits.full import forget_fits, full_fit
from benchmarks.fits.stock_trainer import examples_per_second
from benchmarks.report import Report, Row, publish

SEEDS = (0, 1, 2)
STOCK_STEPS = 12


def main() -> None:
    train, _ = banking77()
    forget_fits()
    stock, fits, seconds = [], [], []
    for seed in SEEDS:  # in turns, so that a slow spell of the machine meets both
        stock.append(examples_per_second(train, steps=STOCK_STEPS, seed=seed))
        with tempfile.TemporaryDirectory() as folder:
            started_at = time.monotonic()
            fits.append(full_fit(Path(folder) / "model", seed=seed))
            seconds.append(time.monotonic() - started_at)
        print(seed, fits[-1].metrics["accuracy"], seconds[-1], stock[-1], flush=True)
    accuracies = [fit.metrics["accuracy"] for fit in fits]
    ratios = [fit.examples_per_second / slow for fit, slow in zip(fits, stock, strict=True)]
    publish(
        Report(
            "banking77",
            "BANKING77, --method full, bundled MiniLM, 3 seeds",
            [
                Row("test accuracy, mean", 100 * statistics.mean(accuracies), 94.0, unit="%"),
                Row("test accuracy, worst", 100 * min(accuracies), unit="%"),
                Row("seconds of a fit with its evaluation, longest", max(seconds), 300.0, False, "s"),
                Row("examples a second, median", statistics.median(f.examples_per_second for f in fits)),
                Row("stock Trainer examples a second, median", statistics.median(stock)),
                Row("ratio to the stock Trainer, median", statistics.median(ratios), 4.0, unit="x"),
            ],
            {"seeds": SEEDS, "accuracies": accuracies, "seconds": seconds, "stock": stock},
        )
    )


if __name__ == "__main__":
    main()
