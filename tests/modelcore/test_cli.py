"""The command line reads what the model's task needs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from modelcore import compression, training
from modelcore.cli import app, main
from modelcore.compression.quantise import CALIBRATION_TEXTS
from modelcore.data import LabelledTexts, SpanTexts, TextPairs
from modelcore.errors import InputError
from modelcore.training.recipe import Recipe
from tests.modelcore.serving.samples import write_trained
from tests.modelcore.tiny import make_tiny_backbone

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


def test_a_tagger_may_be_judged_by_texts_without_spans(compress: Compress) -> None:
    assert compress("tagging", "rows.conll", "here O\n")["evaluation"].spans == ((),)


def test_an_encoder_is_judged_by_pairs_where_the_file_has_them(compress: Compress) -> None:
    given = compress("embedding", "rows.csv", "text,positive\na,b\n")
    assert isinstance(given["evaluation"], TextPairs)


def test_an_encoding_may_be_named(compress: Compress) -> None:
    given = compress("classification", "rows.csv", "text,label\né,x\n", "--encoding", "latin-1")
    assert given["calibration"] == ["Ã©"]


def test_a_file_that_may_be_in_any_encoding_asks_for_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    artifact = write_trained(tmp_path / "model", "classification", work=tmp_path)
    file = tmp_path / "texts.csv"
    file.write_bytes("text,label\nпотерял карту,lost\n".encode("koi8-r"))
    monkeypatch.setattr("sys.argv", ["modelcore", "evaluate", str(artifact.path), str(file)])

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 2
    assert (
        capsys.readouterr().err.strip().endswith("save it as UTF-8. Or name what it is in with --encoding.")
    )


def test_an_encoder_may_be_judged_by_pairs(compress: Compress) -> None:
    given = compress("embedding", "rows.csv", "text,positive\na,b\n", "--label-column", "positive")
    assert isinstance(given["evaluation"], TextPairs)
    assert given["calibration"] == ["a"]


def test_rows_that_were_learned_from_may_calibrate_so_that_others_only_judge(
    compress: Compress, tmp_path: Path
) -> None:
    (tmp_path / "train.csv").write_text("text,label\nlearned,card\nas well,refund\n")
    given = compress(
        "classification", "rows.csv", "text,label\njudged,card\n", "--train", str(tmp_path / "train.csv")
    )
    assert sorted(given["calibration"]) == ["as well", "learned"]
    assert given["evaluation"].texts == ("judged",)


def test_texts_of_all_labels_calibrate_a_file_that_is_sorted_by_label(compress: Compress) -> None:
    rows = "".join(f"text {number},{'card' if number < 600 else 'refund'}\n" for number in range(1000))
    given = compress("classification", "rows.csv", f"text,label\n{rows}")
    assert isinstance(given["evaluation"], LabelledTexts)
    assert len(given["calibration"]) == CALIBRATION_TEXTS
    assert 50 < sum(int(text.split()[1]) >= 600 for text in given["calibration"]) < 110


def test_rows_that_cannot_be_answered_right_are_told(tmp_path: Path) -> None:
    artifact = write_trained(tmp_path / "model", "classification", work=tmp_path)
    (tmp_path / "rows.csv").write_text("text,label\nmy card,card\nmy pin,CARD\n")
    ran = CliRunner().invoke(app, ["evaluate", str(artifact.path), str(tmp_path / "rows.csv")])
    assert "Rows with labels that the model does not know: 1 (CARD)." in ran.stderr


def test_rows_without_a_known_label_are_refused(tmp_path: Path) -> None:
    artifact = write_trained(tmp_path / "model", "classification", work=tmp_path)
    (tmp_path / "rows.csv").write_text("text,label\nmy card,CARD\n")
    ran = CliRunner().invoke(app, ["evaluate", str(artifact.path), str(tmp_path / "rows.csv")])
    assert isinstance(ran.exception, InputError)


def predict(artifact: Path, piped: bytes) -> Result:
    return CliRunner().invoke(app, ["predict", str(artifact), "-"], input=piped)


def test_piped_texts_are_cleaned_as_those_of_files(tmp_path: Path) -> None:
    artifact = write_trained(tmp_path / "model", "classification", work=tmp_path)
    ran = predict(artifact.path, "\ufeffmy card\r\n\r\n 退款\r\n".encode())
    assert [json.loads(line)["text"] for line in ran.stdout.splitlines()] == ["my card", " 退款"]
    assert ran.stderr == "Blank lines without an answer: 1.\n"


def test_each_probability_has_its_label(tmp_path: Path) -> None:
    artifact = write_trained(tmp_path / "model", "classification", work=tmp_path)
    answer = json.loads(predict(artifact.path, b"my card\n").stdout)
    assert set(answer["probabilities"]) == set(artifact.manifest.labels)
    assert answer["probabilities"][answer["label"]] == answer["score"]


def test_blank_rows_of_a_file_are_told_as_those_of_a_pipe(tmp_path: Path) -> None:
    artifact = write_trained(tmp_path / "model", "classification", work=tmp_path)
    (tmp_path / "texts.csv").write_text('text\nmy card\n""\na refund\n')
    ran = CliRunner().invoke(app, ["predict", str(artifact.path), str(tmp_path / "texts.csv")])
    assert (len(ran.stdout.splitlines()), ran.stderr) == (2, "Blank lines without an answer: 1.\n")


def test_an_encoding_that_reads_nothing_is_refused(tmp_path: Path) -> None:
    artifact = write_trained(tmp_path / "model", "classification", work=tmp_path)
    arguments = ["predict", str(artifact.path), "-", "--encoding", "undefined"]
    ran = CliRunner().invoke(app, arguments, input=b"my card\n")
    assert "The encoding 'undefined' is not known" in str(ran.exception)


@pytest.mark.parametrize(
    ("line", "sentence"), [(b"caf\xe9", "Line 2 of the input is not UTF-8"), (b"a\0b", "Row 2 has a NUL")]
)
def test_a_piped_line_that_cannot_be_read_is_named(tmp_path: Path, line: bytes, sentence: str) -> None:
    artifact = write_trained(tmp_path / "model", "classification", work=tmp_path)
    ran = predict(artifact.path, b"my card\n" + line + b"\n")
    assert isinstance(ran.exception, InputError)
    assert sentence in str(ran.exception)


def test_a_fit_of_an_encoder_tells_how_well_it_finds(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("text,positive\nmy card,the card\na refund,money back\n")
    file, tiny = str(tmp_path / "pairs.csv"), str(make_tiny_backbone(tmp_path / "tiny"))
    options = ["--task", "embedding", "--epochs", "1", "--backbone", tiny, "--out", str(tmp_path / "m")]
    ran = CliRunner().invoke(app, ["fit", file, "--eval", file, *options])
    assert {"mrr", "ndcg_at_10", "recall_at_1"} < set(json.loads(ran.stdout.splitlines()[-1]))


def test_what_a_fit_is_advised_can_be_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Recipe] = []

    def refuse(_train: Any, _judged: Any, recipe: Recipe, **options: Any) -> None:
        given.append(recipe)
        raise InputError("Not here.")

    monkeypatch.setattr(training, "fit", refuse)
    (tmp_path / "rows.csv").write_text("text,label\nmy card,card\na refund,refund\n")
    arguments = ["fit", str(tmp_path / "rows.csv"), "--eval", str(tmp_path / "rows.csv"), "--out", "m"]

    CliRunner().invoke(app, [*arguments, "--max-tokens", "256", "--class-weights"])

    assert (given[0].max_tokens, given[0].class_weights) == (256, True)


def test_a_fit_tells_what_spoils_its_evaluation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*rows: Any, **options: Any) -> None:
        raise InputError("Not here.")

    monkeypatch.setattr(training, "fit", refuse)
    for name in ("train", "test"):
        (tmp_path / f"{name}.csv").write_text(f"text,label\nmy card,card\na {name},refund\n")
    train, test = (str(tmp_path / f"{name}.csv") for name in ("train", "test"))

    ran = CliRunner().invoke(app, ["fit", train, "--eval", test, "--out", str(tmp_path / "m")])

    assert "both in training and in evaluation: 1, the first in training row 2" in ran.stderr
