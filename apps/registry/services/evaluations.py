"""What an artifact, served as it will be served, answers to every example of the pinned suites."""

from collections.abc import Callable, Sequence
from pathlib import Path

from apps.registry import content
from apps.registry.models import Dataset
from apps.registry.services.versions import Measured
from modelcore.serving import Predictor
from modelcore.serving.evaluating import evaluate


def measure_artifact(
    path: Path, suites: Sequence[Dataset], should_stop: Callable[[], bool] = lambda: False
) -> list[Measured]:
    """Answer each suite on the artifact's default runtime; stops between suites when asked to."""
    predictor = Predictor.open(path)
    try:
        measured = []
        for suite in suites:
            if should_stop():
                break
            answers = evaluate(predictor, content.rows_in(suite))
            measured.append(Measured(suite.suite, suite.digest, answers.metrics, answers.predictions))
        return measured
    finally:
        predictor.close()
