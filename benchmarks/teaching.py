"""A model that never saw five intents is taught them: what they gain, what others lose and how long it takes;
and whether the gate refuses a batch with wrong labels. On the project's samples and a part of BANKING77."""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from apps.support.family import SUPPORT_INTENT, read_samples
from benchmarks.full_fit import banking77
from benchmarks.report import Report, Row, publish
from modelcore import compression, training
from modelcore.artifacts import Artifact, open_artifact
from modelcore.data import LabelledTexts, find_label_errors, sample_per_label, split
from modelcore.evaluation.selective import precision_limit
from modelcore.serving import Predictor
from modelcore.training.frozen import features_of
from modelcore.training.recipe import Recipe

HIDDEN = 5
CORRECTIONS = 200
PER_LABEL = 27  # as many as the samples have
WRONG_SHARE = 0.3
BATCHES = 20
LIMIT = SUPPORT_INTENT.gate.wrong_labels or 0.0


@dataclass(frozen=True)
class Task:
    """What the champion is fitted on, what it is taught, and what judges both."""

    known: LabelledTexts
    taught: LabelledTexts
    judges: LabelledTexts
    hidden: frozenset[str]


@dataclass(frozen=True)
class Lesson:
    seconds: float
    recalls: list[float]
    losses: list[float]


def parted(train: LabelledTexts, judges: LabelledTexts, seed: int) -> Task:
    hidden = frozenset(random.Random(seed).sample(sorted(set(train.labels)), HIDDEN))
    known = _of(train, hidden, is_in=False)
    few = sample_per_label(known, per_label=PER_LABEL, seed=seed)
    new = sample_per_label(_of(train, hidden, is_in=True), per_label=CORRECTIONS // HIDDEN, seed=seed)
    missing = CORRECTIONS - len(new.texts)
    # The samples have fewer texts of an intent: the rest corrects questions of known ones.
    taken = set(few.texts)
    spare = [place for place, text in enumerate(known.texts) if text not in taken]
    other = known.take(spare[:missing])
    return Task(few, _joined(new, other), judges, hidden)


def measure(name: str, task: Task, recipe: Recipe, folder: Path) -> tuple[Lesson, float]:
    parts = split(task.known, evaluation_fraction=0.1, seed=0)
    champion = open_artifact(
        training.fit(parts.train, parts.evaluation, recipe, out=folder / "champion").artifact
    )
    started_at = time.monotonic()
    challenger = teach(champion, task, folder)
    before, after = recall_of(champion, task.judges), recall_of(challenger, task.judges)
    seconds = time.monotonic() - started_at
    losses = [before[label] - after[label] for label in before if label not in task.hidden]
    lesson = Lesson(seconds, [after[label] for label in sorted(task.hidden)], losses)
    print(
        name, f"{seconds:.0f} s", np.round(lesson.recalls, 3), f"largest loss {max(losses):.3f}", flush=True
    )
    return lesson, suspected_share(task, wrong_share=0.0, seed=0)


def teach(champion: Artifact, task: Task, folder: Path) -> Artifact:
    """What a lesson does: audit, extend, compress."""
    suspected_share(task, wrong_share=0.0, seed=0)
    rows = split(_joined(task.known, task.taught), evaluation_fraction=0.1, seed=0)
    recipe = Recipe(method="extend", start=champion.digest)
    fitted = training.fit(rows.train, rows.evaluation, recipe, out=folder / "fitted", start=champion.path)
    compression.compress(
        fitted.artifact, evaluation=rows.evaluation, calibration=rows.train.texts[:256], out=folder / "served"
    )
    return open_artifact(folder / "served")


def recall_of(artifact: Artifact, rows: LabelledTexts) -> dict[str, float]:
    predictor = Predictor.open(artifact)
    said = np.array([answer.label for answer in predictor.predict(rows.texts)])
    predictor.close()
    gold = np.array(rows.labels)
    return {label: float((said[gold == label] == label).mean()) for label in sorted(set(rows.labels))}


def suspected_share(task: Task, *, wrong_share: float, seed: int) -> float:
    """The share of wrong labels that the gate is sure of in the taught rows, with some of them made wrong."""
    generator = random.Random(seed)
    labels = list(task.taught.labels)
    names = sorted({*task.known.labels, *labels})
    for place in generator.sample(range(len(labels)), round(wrong_share * len(labels))):
        labels[place] = generator.choice([name for name in names if name != labels[place]])
    rows = _joined(task.known, LabelledTexts(task.taught.texts, tuple(labels)))
    first = len(task.known.texts)
    errors = find_label_errors(rows, features=_features(rows), seed=0)
    wrong = sum(1 for error in errors if error.row > first)
    return precision_limit(len(labels), len(labels) - wrong)


_embedded: dict[tuple[str, ...], Any] = {}


def _features(rows: LabelledTexts) -> Callable[[Sequence[str]], Any]:
    if rows.texts not in _embedded:
        _embedded.clear()
        _embedded[rows.texts] = features_of(rows.texts)
    return lambda _texts: _embedded[rows.texts]


def _of(rows: LabelledTexts, labels: frozenset[str], *, is_in: bool) -> LabelledTexts:
    return rows.take([place for place, label in enumerate(rows.labels) if (label in labels) == is_in])


def _joined(a: LabelledTexts, b: LabelledTexts) -> LabelledTexts:
    return LabelledTexts(a.texts + b.texts, a.labels + b.labels)


def tasks(seed: int, names: list[str]) -> dict[str, Task]:
    found = {}
    if "samples" in names:
        parts = split(read_samples(), evaluation_fraction=0.25, seed=seed)
        found["samples"] = parted(parts.train, parts.evaluation, seed)
    if "banking77" in names:
        found["banking77"] = parted(*banking77(), seed)
    return found


def figures(name: str, lessons: list[Lesson], honest: list[float], refused: list[bool]) -> list[Row]:
    losses = [loss for lesson in lessons for loss in lesson.losses]
    recalls = [recall for lesson in lessons for recall in lesson.recalls]
    seconds = max(lesson.seconds for lesson in lessons)
    return [
        Row(f"{name}: recall of the taught intents, mean", 100 * statistics.mean(recalls), 80, unit="%"),
        Row(f"{name}: recall of a taught intent, least", 100 * min(recalls), 80, unit="%"),
        Row(f"{name}: loss of the others, mean", 100 * statistics.mean(losses), 2, at_least=False, unit="pt"),
        Row(f"{name}: loss of another, largest", 100 * max(losses), 2, at_least=False, unit="pt"),
        Row(f"{name}: from button to challenger", seconds, 180, at_least=False, unit="s"),
        Row(f"{name}: bad batches refused", 100 * statistics.mean(refused), 100, unit="%"),
        Row(f"{name}: seen in an honest batch", 100 * max(honest), 100 * LIMIT, at_least=False, unit="%"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--method", default="auto", help="of the champion")
    parser.add_argument("--data", nargs="+", default=["samples", "banking77"])
    asked = parser.parse_args()
    rows, details = [], {}
    for name in asked.data:
        lessons, honest, refused = [], [], []
        for seed in asked.seeds:
            task = tasks(seed, [name])[name]
            with tempfile.TemporaryDirectory() as folder:
                lesson, share = measure(name, task, Recipe(method=asked.method, seed=seed), Path(folder))
            lessons.append(lesson)
            honest.append(share)
            refused += [
                suspected_share(task, wrong_share=WRONG_SHARE, seed=batch) > LIMIT
                for batch in range(max(1, BATCHES // len(asked.seeds)))
            ]
        rows += figures(name, lessons, honest, refused)
        details[name] = [{"recalls": one.recalls, "losses": sorted(one.losses)[-10:]} for one in lessons]
    publish(Report("teaching", "200 corrections to a model that never saw five intents", rows, details))


if __name__ == "__main__":
    main()
