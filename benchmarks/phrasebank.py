"""Financial PhraseBank, the sentences on which all annotators agree: ten folds, no text in two of them."""

import statistics
import tempfile
from pathlib import Path

from benchmarks.data.files import data_file
from benchmarks.report import Report, Row, publish
from modelcore import training
from modelcore.data import folds, read_labelled
from modelcore.training.recipe import Recipe

COUNT = 10


def main() -> None:
    data = read_labelled(data_file("financial_phrasebank", "Sentences_AllAgree.txt"))
    accuracies, macro_f1 = [], []
    for number, fold in enumerate(folds(data, count=COUNT, seed=0)):
        with tempfile.TemporaryDirectory() as folder:
            recipe = Recipe(method="full", seed=number)
            fit = training.fit(fold.train, fold.evaluation, recipe, out=Path(folder) / "model")
        accuracies.append(fit.metrics["accuracy"])
        macro_f1.append(fit.metrics["macro_f1"])
        print(number, accuracies[-1], fit.seconds, flush=True)
    publish(
        Report(
            "phrasebank",
            "PhraseBank AllAgree, --method full, 10 grouped folds",
            [
                Row("accuracy, mean", 100 * statistics.mean(accuracies), 95.5, unit="%"),
                Row("accuracy, deviation", 100 * statistics.stdev(accuracies), unit="%"),
                Row("macro F1, mean", 100 * statistics.mean(macro_f1), unit="%"),
            ],
            {"accuracies": accuracies, "macro_f1": macro_f1},
        )
    )


if __name__ == "__main__":
    main()
