"""Going on with pre-training on in-domain text: held-out pseudo-perplexity before and after."""

import tempfile
from pathlib import Path

from benchmarks.data.files import data_file
from benchmarks.report import Report, Row, publish
from modelcore.data import read_labelled
from modelcore.training.pretraining import pretrain
from modelcore.training.recipe import Recipe


def main() -> None:
    texts = read_labelled(
        data_file("financial_phrasebank", "phrasebank_utf8.csv"), text_column="sentence"
    ).texts
    with tempfile.TemporaryDirectory() as folder:
        result = pretrain(texts, Recipe(), Path(folder) / "backbone")
    lowered = 100 * (1 - result.perplexity_after / result.perplexity_before)
    publish(
        Report(
            "pretraining",
            "Masked language modelling on financial sentences",
            [
                Row("pseudo-perplexity before", result.perplexity_before),
                Row("pseudo-perplexity after", result.perplexity_after),
                Row("lowered by", lowered, 15.0, unit="%"),
            ],
            {"held_out_texts": result.held_out_texts},
        )
    )


if __name__ == "__main__":
    main()
