"""The full fit on BANKING77, which several benchmarks look at and one of them times."""

import shutil
from pathlib import Path

from benchmarks.data.files import banking77
from modelcore import training
from modelcore.training import FitResult
from modelcore.training.recipe import Recipe

# The last checkpoint of a fit stays here, so that a benchmark that only needs the model has it in seconds.
WORK = Path(__file__).parents[2] / "var" / "benchmarks"


def full_fit(out: Path, *, seed: int = 0) -> FitResult:
    """Fit by --method full, or go on from where an earlier benchmark ended."""
    train, test = banking77()
    return training.fit(train, test, Recipe(method="full", seed=seed), out=out, work=WORK)


def forget_fits() -> None:
    """So that the next fits are trained from their first step."""
    shutil.rmtree(WORK, ignore_errors=True)
