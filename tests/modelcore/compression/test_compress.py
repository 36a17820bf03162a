"""Compressing gives a new artifact that serves faster, says what that cost and leaves the old one alone."""

import json
from pathlib import Path

import numpy as np
import pytest

from modelcore.artifacts import Artifact, ArtifactMissing, open_artifact
from modelcore.compression import VARIANTS, CompressionResult, compress
from modelcore.data import LabelledTexts, Span, SpanTexts, TextPairs
from modelcore.errors import InputError
from modelcore.serving import Predictor
from modelcore.serving.openvino_runtime import has_bf16
from tests.modelcore.serving.samples import TEXTS, write_trained

# One process of pytest makes what they all look at.
pytestmark = pytest.mark.xdist_group("compression")


def test_every_variant_was_tried(result: CompressionResult) -> None:
    tried = {candidate.name for candidate in result.candidates}
    expected = {"torch", "onnx-fp32", "openvino-fp32", *VARIANTS}
    assert tried == expected if has_bf16() else tried == expected - {"openvino-bf16"}


def test_the_choice_is_admitted_and_serves(result: CompressionResult) -> None:
    chosen = next(candidate for candidate in result.candidates if candidate.name == result.chosen)
    assert chosen.admitted
    assert result.drop == chosen.fidelity.accuracy_drop
    assert open_artifact(result.artifact.path).manifest.default_runtime == result.chosen
    assert Predictor.open(result.artifact.path).runtime_name == result.chosen


def test_the_manifest_holds_what_was_measured(result: CompressionResult) -> None:
    for candidate in result.candidates:
        entry = result.artifact.manifest.runtimes[candidate.name]
        assert entry["parity"] == candidate.fidelity.to_json()
        assert entry["accuracy"] == candidate.accuracy
        assert entry["speed"] == candidate.speed.to_json()
        assert (entry["file"] is not None) == (candidate.admitted or candidate.name == "torch")


def test_fp32_runtimes_answer_as_torch(result: CompressionResult) -> None:
    exact = [candidate for candidate in result.candidates if candidate.name.endswith("fp32")]
    assert len(exact) == 2
    for candidate in exact:
        assert candidate.fidelity.max_difference <= 1e-4
        assert candidate.fidelity.accuracy_drop == 0


def test_every_admitted_runtime_serves_from_the_artifact(result: CompressionResult) -> None:
    for candidate in result.candidates:
        if candidate.admitted:
            predictor = Predictor.open(result.artifact, runtime=candidate.name)
            assert len(predictor.predict(TEXTS)) == len(TEXTS)


def test_no_answer_depends_on_whose_texts_it_came_with(result: CompressionResult) -> None:
    admitted = [candidate.name for candidate in result.candidates if candidate.admitted]
    assert "onnx-int8-dynamic" in admitted
    for name in admitted:
        predictor = Predictor.open(result.artifact, runtime=name)
        together = predictor.scores(TEXTS)
        alone = [predictor.scores([text])[0] for text in TEXTS]
        assert together == pytest.approx(np.stack(alone), abs=0.05 if name == "openvino-bf16" else 1e-4)


def test_the_artifact_before_it_is_as_it_was(result: CompressionResult, trained: Artifact) -> None:
    assert open_artifact(trained.path) == trained
    assert result.artifact.digest != trained.digest


def test_the_result_is_plain_json(result: CompressionResult) -> None:
    found = json.loads(json.dumps(result.to_json()))
    assert found["chosen"] == result.chosen
    assert {"name", "accuracy", "accuracy_drop", "batch1_ms", "docs_per_second"} <= set(
        found["candidates"][0]
    )


def test_progress_is_told(result: CompressionResult, said: list[str]) -> None:
    assert said[0].startswith("Exporting")
    assert any(sentence.startswith("openvino-int8: accuracy") for sentence in said)
    assert f"{result.chosen} serves" in said[-1]


def test_the_card_shows_the_runtimes(result: CompressionResult) -> None:
    assert f"**{result.chosen}**" in (result.artifact.path / "card.md").read_text("utf-8")


@pytest.mark.parametrize("task", ["tagging", "embedding"])
def test_other_tasks_are_compressed_too(tmp_path: Path, task: str) -> None:
    artifact = write_trained(tmp_path / "model", task, work=tmp_path)
    texts = ("i live in london", "anna loves paris", "where is my card")
    rows: SpanTexts | TextPairs = TextPairs(texts, texts)
    if task == "tagging":
        rows = SpanTexts(texts, ((Span(10, 16, "CITY"),), (Span(11, 16, "CITY"),), ()))
    found = compress(
        artifact.path,
        evaluation=rows,
        calibration=texts,
        out=tmp_path / "out",
        variants=["openvino-int8-weights"],
    )
    assert {candidate.name for candidate in found.candidates} >= {"openvino-fp32", "openvino-int8-weights"}
    assert found.artifact.manifest.task == task


def test_nothing_to_calibrate_with_is_a_sentence(
    trained: Artifact, rows: LabelledTexts, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="no text to calibrate with"):
        compress(trained.path, evaluation=rows, calibration=[], out=tmp_path / "out")


def test_an_unknown_variant_is_a_sentence(trained: Artifact, rows: LabelledTexts, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Unknown variants int2"):
        compress(trained.path, evaluation=rows, calibration=["a"], out=tmp_path / "out", variants=["int2"])


def test_a_place_that_holds_other_things_is_refused_before_anything_is_measured(
    trained: Artifact, rows: LabelledTexts, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    told: list[str] = []
    with pytest.raises(InputError, match="holds other things"):
        compress(trained.path, evaluation=rows, calibration=["a"], out=tmp_path, on_progress=told.append)
    assert told == []


def test_no_artifact_is_missing(rows: LabelledTexts, tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing):
        compress(tmp_path / "nothing", evaluation=rows, calibration=["a"], out=tmp_path / "out")
