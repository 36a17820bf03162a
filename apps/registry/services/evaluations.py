"""What an artifact, served as it will be served, answers to every example of the pinned suites."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from apps.registry import content, store
from apps.registry.models import Dataset, Evaluation, Version
from apps.registry.selectors.suites import pinned_suites
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


def measure_on_grown_suites(*, version: Version, at: datetime) -> int:
    """Measure a version on the suites whose last edition it has not answered; returns how many."""
    answered = set(version.evaluations.values_list("suite", "suite_digest"))
    missing = [one for one in pinned_suites(version.family) if (one.suite, one.digest) not in answered]
    if not missing:
        return 0
    measured = measure_artifact(store.fetch_artifact(version.digest), missing)
    Evaluation.objects.bulk_create(
        [
            Evaluation(
                version=version,
                suite=one.suite,
                suite_digest=one.suite_digest,
                metrics=one.metrics,
                predictions=one.predictions,
                created_at=at,
            )
            for one in measured
        ],
        ignore_conflicts=True,  # another worker was faster
    )
    return len(measured)
