"""Personal data in synthetic texts, split by template: entity F1 of a tagger, and what it covers."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import Report, Row, data_file, publish
from modelcore import training
from modelcore.data import SpanTexts, read_spans, split
from modelcore.serving import Predictor
from modelcore.tasks.bio import SpanLike
from modelcore.training.recipe import Recipe

SEED = 0


def main() -> None:
    data = read_spans(data_file("pii_presidio", "synth_dataset_v2.json"))
    parts = split(data, evaluation_fraction=0.2, seed=SEED)
    with tempfile.TemporaryDirectory() as folder:
        recipe = Recipe(task="tagging", seed=SEED)
        fit = training.fit(parts.train, parts.evaluation, recipe, out=Path(folder) / "model")
        predictor = Predictor.open(Path(folder) / "model", runtime="torch")
        found = [prediction.spans for prediction in predictor.predict(parts.evaluation.texts)]
        predictor.close()
    precision, recall = _covered(parts.evaluation, found)
    rows = [
        Row("entity F1 (exact ends and label)", fit.metrics["entity_f1"], 0.85),
        Row("marked characters that are found, whatever the label", 100 * recall, unit="%"),
        Row("found characters that are marked, whatever the label", 100 * precision, unit="%"),
        Row("training templates", len(set(parts.train.groups))),
        Row("training seconds", fit.seconds, unit="s"),
    ]
    details = {"per_label": fit.metrics["per_label"], "f1_interval": fit.metrics["f1_interval"]}
    publish(Report("tagging", f"pii_presidio v2, tagging, split by template, seed {SEED}", rows, details))


def _covered(marked: SpanTexts, found: Sequence[Sequence[SpanLike]]) -> tuple[float, float]:
    """Precision and recall over the characters inside any span."""
    hits = guessed = support = 0
    for truth, guesses in zip(marked.spans, found, strict=True):
        inside, claimed = _characters(truth), _characters(guesses)
        hits += len(inside & claimed)
        guessed += len(claimed)
        support += len(inside)
    return hits / guessed, hits / support


def _characters(spans: Sequence[SpanLike]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


if __name__ == "__main__":
    main()
