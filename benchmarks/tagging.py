"""Personal data in synthetic texts, five folds of templates: entity F1 of a tagger, and what it covers."""

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import Report, Row, data_file, publish
from modelcore import training
from modelcore.data import SpanTexts, Split, folds, read_spans
from modelcore.serving import Predictor
from modelcore.tasks.bio import SpanLike
from modelcore.training.recipe import Recipe

COUNT = 5


def main() -> None:
    data = read_spans(data_file("pii_presidio", "synth_dataset_v2.json"))
    found = []
    for number, fold in enumerate(folds(data, count=COUNT, seed=0)):
        found.append(_measure(fold, seed=number))
        print(number, found[-1]["f1"], found[-1]["seconds"], flush=True)
    f1 = [one["f1"] for one in found]
    rows = [
        Row("entity F1 (exact ends and label), mean", statistics.mean(f1), 0.85),
        Row("entity F1, deviation", statistics.stdev(f1)),
        Row("marked characters that are found, whatever the label", _mean(found, "recall"), unit="%"),
        Row("found characters that are marked, whatever the label", _mean(found, "precision"), unit="%"),
        Row("training templates, mean", _mean(found, "templates")),
        Row("training seconds, longest", max(one["seconds"] for one in found), unit="s"),
    ]
    title = f"pii_presidio v2, tagging, {COUNT} folds by template"
    publish(Report("tagging", title, rows, {"folds": found}))


def _measure(fold: Split[SpanTexts], *, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        recipe = Recipe(task="tagging", seed=seed)
        fit = training.fit(fold.train, fold.evaluation, recipe, out=Path(folder) / "model")
        predictor = Predictor.open(Path(folder) / "model", runtime="torch")
        marked = [prediction.spans for prediction in predictor.predict(fold.evaluation.texts)]
        predictor.close()
    precision, recall = _covered(fold.evaluation, marked)
    return {
        "f1": fit.metrics["entity_f1"],
        "f1_interval": fit.metrics["f1_interval"],
        "precision": 100 * precision,
        "recall": 100 * recall,
        "templates": len(set(fold.train.groups)),
        "seconds": fit.seconds,
        "per_label": fit.metrics["per_label"],
    }


def _mean(found: Sequence[dict[str, Any]], name: str) -> float:
    return float(statistics.mean(one[name] for one in found))


def _covered(marked: SpanTexts, found: Sequence[Sequence[SpanLike]]) -> tuple[float, float]:
    """Precision and recall over the characters inside any span; 0 where nothing was found."""
    hits = guessed = support = 0
    for truth, guesses in zip(marked.spans, found, strict=True):
        inside, claimed = _characters(truth), _characters(guesses)
        hits += len(inside & claimed)
        guessed += len(claimed)
        support += len(inside)
    return hits / max(1, guessed), hits / support


def _characters(spans: Sequence[SpanLike]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


if __name__ == "__main__":
    main()
