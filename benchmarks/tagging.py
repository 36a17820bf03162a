"""Personal data in synthetic texts, five folds of templates: entity F1 of a tagger, and what it covers.

Some templates mark number and street of an address apart, others the whole, and no text tells which: so F1 is
also given with neighbours of one label read as one, as the evaluator of the data's makers reads them
(presidio-research, `SpanEvaluator`), but with exact ends.
"""

import statistics
import string
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.data.files import data_file
from benchmarks.report import Report, Row, publish
from modelcore import training
from modelcore.data import Span, SpanTexts, Split, folds, read_spans
from modelcore.evaluation import entity_metrics
from modelcore.serving import Predictor
from modelcore.tasks.bio import SpanLike
from modelcore.training.recipe import Recipe

COUNT = 5
# In the order of their making; the labels of addresses and places have other names in the older one.
FILES = {"v2": "synth_dataset_v2.json", "large": "generated_large.json"}
_APART = string.whitespace + string.punctuation


def main() -> None:
    rows: list[Row] = []
    details = {}
    for name, file in FILES.items():
        found = []
        for number, fold in enumerate(
            folds(read_spans(data_file("pii_presidio", file)), count=COUNT, seed=0)
        ):
            found.append(_measure(fold, seed=number))
            print(name, number, found[-1]["f1"], found[-1]["joined_f1"], found[-1]["seconds"], flush=True)
        rows += _rows(name, found)
        details[name] = found
    title = f"pii_presidio, tagging, {COUNT} folds by template"
    publish(Report("tagging", title, rows, details))


def _rows(name: str, found: Sequence[dict[str, Any]]) -> list[Row]:
    f1 = [one["f1"] for one in found]
    return [
        Row(f"{name}: entity F1 (exact ends and label), mean", statistics.mean(f1), 0.85),
        Row(f"{name}: entity F1, deviation", statistics.stdev(f1)),
        Row(f"{name}: the same, neighbours of one label as one", _mean(found, "joined_f1"), 0.85),
        Row(f"{name}: marked characters found, whatever the label", _mean(found, "recall"), unit="%"),
        Row(f"{name}: found characters marked, whatever the label", _mean(found, "precision"), unit="%"),
        Row(f"{name}: training templates, mean", _mean(found, "templates")),
        Row(f"{name}: training seconds, longest", max(one["seconds"] for one in found), unit="s"),
    ]


def _measure(fold: Split[SpanTexts], *, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        recipe = Recipe(task="tagging", seed=seed)
        fit = training.fit(fold.train, fold.evaluation, recipe, out=Path(folder) / "model")
        predictor = Predictor.open(Path(folder) / "model", runtime="torch")
        marked = [prediction.spans for prediction in predictor.predict(fold.evaluation.texts)]
        predictor.close()
    precision, recall = _covered(fold.evaluation, marked)
    texts = fold.evaluation.texts
    joined = entity_metrics(_joined(texts, fold.evaluation.spans), _joined(texts, marked))
    return {
        "f1": fit.metrics["entity_f1"],
        "joined_f1": joined.f1,
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


def _joined(texts: Sequence[str], marked: Sequence[Sequence[SpanLike]]) -> list[list[Span]]:
    """Spans with neighbours of one label as one where only spaces and punctuation lie between."""
    found: list[list[Span]] = []
    for text, spans in zip(texts, marked, strict=True):
        kept: list[Span] = []
        for span in sorted(spans, key=lambda one: one.start):
            if kept and kept[-1].label == span.label and not text[kept[-1].end : span.start].strip(_APART):
                kept[-1] = Span(kept[-1].start, span.end, span.label)
            else:
                kept.append(Span(span.start, span.end, span.label))
        found.append(kept)
    return found


def _characters(spans: Sequence[SpanLike]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


if __name__ == "__main__":
    main()
