"""What an artifact, served as it will be served, answers to every example of the pinned suites."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime

from apps.registry import content, store
from apps.registry.models import Dataset, Version
from apps.registry.selectors.aliases import champion_of
from apps.registry.selectors.suites import unmeasured_suites
from apps.registry.services.versions import Measured, record_measured
from modelcore.artifacts import Artifact
from modelcore.serving import Predictor
from modelcore.serving.evaluating import evaluate


def measure_artifact(
    artifact: Artifact, suites: Sequence[Dataset], should_stop: Callable[[], bool] = lambda: False
) -> list[Measured]:
    """Answer each suite on the artifact's default runtime; stops between suites when asked to."""
    with closing(Predictor.open(artifact)) as predictor:
        measured = []
        for suite in suites:
            if should_stop():
                break
            answers = evaluate(predictor, content.rows_in(suite))
            measured.append(Measured(suite.suite, suite.digest, answers.metrics, answers.predictions))
        return measured


def measure_for_gate(*, version_id: int, at: datetime) -> int:
    """Measure a version and the champion on the suites that the gate will ask for; returns how many."""
    version = Version.objects.get(pk=version_id)
    measured = measure_on_grown_suites(version=version, at=at)
    champion = champion_of(version.family)
    return measured if champion is None else measured + measure_on_grown_suites(version=champion, at=at)


def measure_on_grown_suites(*, version: Version, at: datetime) -> int:
    """Measure a version on the suites whose last edition it has not answered; returns how many."""
    missing = list(unmeasured_suites(version))
    if not missing:
        return 0
    measured = measure_artifact(store.fetch_artifact(version.digest), missing)
    record_measured(version=version, measured=measured, at=at)
    return len(measured)
