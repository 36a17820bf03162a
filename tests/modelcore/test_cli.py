"""The command line reads what the model's task needs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from modelcore import compression
from modelcore.cli import app
from modelcore.compression.quantise import CALIBRATION_TEXTS
from modelcore.data import LabelledTexts, SpanTexts, TextPairs
from tests.modelcore.serving.samples import write_trained

Compress = Callable[..., dict[str, Any]]


class Written:
    def to_json(self) -> dict[str, Any]:
        return {}


@pytest.fixture
def compress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compress:
    """What `compress` would be given; quantising itself has its own tests."""
    given: dict[str, Any] = {}

    def remember(artifact: Path, **arguments: Any) -> Written:
        given.update(arguments)
        return Written()

    def run(task: str, name: str, content: str, *options: str) -> dict[str, Any]:
        artifact = write_trained(tmp_path / "model", task, work=tmp_path)
        file = tmp_path / name
        file.write_text(content)
        ran = CliRunner().invoke(
            app, ["compress", str(artifact.path), "--eval", str(file), "--out", "x", *options]
        )
        assert ran.exit_code == 0, ran.output
        return given

    monkeypatch.setattr(compression, "compress", remember)
    return run


def test_a_tagger_is_judged_by_spans(compress: Compress) -> None:
    given = compress("tagging", "rows.conll", "in O\nParis B-CITY\n")
    assert isinstance(given["evaluation"], SpanTexts)
    assert given["calibration"] == ["in Paris"]


def test_an_encoder_may_be_judged_by_pairs(compress: Compress) -> None:
    given = compress("embedding", "rows.csv", "text,positive\na,b\n", "--label-column", "positive")
    assert isinstance(given["evaluation"], TextPairs)
    assert given["calibration"] == ["a"]


def test_texts_of_all_labels_calibrate_a_file_that_is_sorted_by_label(compress: Compress) -> None:
    rows = "".join(f"text {number},{'card' if number < 600 else 'refund'}\n" for number in range(1000))
    given = compress("classification", "rows.csv", f"text,label\n{rows}")
    assert isinstance(given["evaluation"], LabelledTexts)
    assert len(given["calibration"]) == CALIBRATION_TEXTS
    assert 50 < sum(int(text.split()[1]) >= 600 for text in given["calibration"]) < 110
