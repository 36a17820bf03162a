"""What registry tests are made of: a family of three labels, people, versions with known answers."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group

from apps.accounts.models import User
from apps.registry import families, store
from apps.registry.families import Family, GatePolicy, Snapshot, Suite
from apps.registry.models import Dataset, Run, Version
from apps.registry.services.datasets import grow_suite, import_snapshot
from apps.registry.services.runs import queue_run
from apps.registry.services.versions import Measured, register_version
from modelcore.artifacts import Artifact, derive_artifact
from modelcore.compression import Fidelity
from modelcore.data import LabelledTexts
from modelcore.training.recipe import Recipe
from tests.apps.serving.tiny_artifact import write_classifier

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LABELS = ("card", "lost", "refund")
WORDS_OF = {"card": "my card", "lost": "lost money", "refund": "refund please"}


def rows(per_label: int = 20) -> LabelledTexts:
    pairs = [(f"{WORDS_OF[label]} {i}", label) for i in range(per_label) for label in LABELS]
    return LabelledTexts(texts=tuple(t for t, _ in pairs), labels=tuple(y for _, y in pairs))


def make_family(name: str, **changes: Any) -> Family:
    fields = {
        "name": name,
        "task": "classification",
        "label": "Test intent",
        "recipe": Recipe(method="head", epochs=1),
        "build_snapshot": lambda: Snapshot(rows(), "test rows"),
        "suites": (Suite("held-out", "Held out"),),
        "gate": GatePolicy(minimum=0.5, margin=0.5),
    }
    return Family(**{**fields, **changes})


def make_tiny_family(backbone: Path, **changes: Any) -> Family:
    """A family that is fitted in seconds; what it learns is not judged."""
    recipe = Recipe(method="full", backbone=str(backbone), epochs=2, max_tokens=16, batch_size=8)
    return make_family("tiny-intent", **{"recipe": recipe, "gate": GatePolicy(minimum=0.0), **changes})


@contextmanager
def registered(family: Family) -> Iterator[Family]:
    """Known to the registry for as long as the block runs."""
    families.register(family)
    try:
        yield family
    finally:
        families.unregister(family.name)


def make_person(username: str, role: str, *, is_staff: bool = False) -> User:
    person = User.objects.create_user(username, password="correct horse battery", is_staff=is_staff)
    person.groups.add(Group.objects.get(name=role))
    return person


def make_dataset(family: Family) -> Dataset:
    return import_snapshot(family=family.name, at=NOW)


def grow_taught(family: Family, per_label: int) -> Dataset:
    """The next edition of the suite of a family that has one which grows."""
    taught = rows(per_label)
    suite = grow_suite(family=family.name, suite="taught", rows=taught, gold=taught, source="a test", at=NOW)
    assert suite is not None
    return suite


def make_run(family: Family, **changes: Any) -> Run:
    return queue_run(dataset=make_dataset(family), changes=changes, actor=None, at=NOW)


def write_counting_model(out: Path) -> Artifact:
    plain = write_classifier(out.with_name("plain"), LABELS)
    parity = Fidelity(3, 0.0, 0.0, 1.0, 0.0, (0.0, 0.0), 1.0).to_json()
    runtime = plain.manifest.runtimes["openvino-fp32"]
    return derive_artifact(
        plain, out, changes={"runtimes": {"openvino-fp32": {**runtime, "parity": parity}}}, files={}
    )


def make_version(
    family: Family, artifact: Artifact, wrong: Sequence[int] = (), run: Run | None = None
) -> Version:
    """A version that answers the pinned suite right but for the examples of these places."""
    make_dataset(family)
    suite = Dataset.objects.get(family=family.name, suite="held-out")
    store.artifact_store().put(artifact.path)
    measured = [answers(suite, wrong)]
    return register_version(family=family.name, artifact=artifact, at=NOW, measured=measured, run=run)


def make_measured_version(family: Family, artifact: Artifact) -> Version:
    """A version of whatever labels, with what it really answers to the pinned suite."""
    from apps.registry import content
    from modelcore.serving import Predictor
    from modelcore.serving.evaluating import evaluate

    make_dataset(family)
    suite = Dataset.objects.get(family=family.name, suite="held-out")
    with closing(Predictor.open(artifact.path)) as predictor:
        answered = evaluate(predictor, content.rows_in(suite))
    measured = [Measured("held-out", suite.digest, answered.metrics, answered.predictions)]
    return register_version(family=family.name, artifact=artifact, at=NOW, measured=measured)


def answers(suite: Dataset, wrong: Sequence[int]) -> Measured:
    import numpy as np

    from apps.registry import content
    from modelcore.evaluation import classification_metrics

    gold = content.rows_in(suite).labels  # type: ignore[union-attr]  # the test family has labels
    said = [LABELS[(LABELS.index(y) + 1) % 3] if i in wrong else y for i, y in enumerate(gold)]
    probabilities = np.array([[0.9 if label == y else 0.05 for label in LABELS] for y in said])
    metrics = classification_metrics(gold, probabilities, LABELS).to_json()
    predictions = [{"gold": g, "label": y, "score": 0.9} for g, y in zip(gold, said, strict=True)]
    return Measured("held-out", suite.digest, metrics, predictions)
