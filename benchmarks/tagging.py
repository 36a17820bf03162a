"""Personal data in synthetic texts, split by template: entity F1 of a tagger."""

import tempfile
from pathlib import Path

from benchmarks.report import Report, Row, data_file, publish
from modelcore import training
from modelcore.data import read_spans, split
from modelcore.training.recipe import Recipe


def main() -> None:
    data = read_spans(data_file("pii_presidio", "synth_dataset_v2.json"))
    parts = split(data, evaluation_fraction=0.2, seed=0)
    with tempfile.TemporaryDirectory() as folder:
        fit = training.fit(parts.train, parts.evaluation, Recipe(task="tagging"), out=Path(folder) / "model")
    rows = [
        Row("entity F1 (exact spans)", fit.metrics["entity_f1"], 0.85),
        Row("training seconds", fit.seconds, unit="s"),
    ]
    title = "pii_presidio v2, tagging, split by template, seed 0"
    publish(Report("tagging", title, rows, {"metrics": fit.metrics}))


if __name__ == "__main__":
    main()
