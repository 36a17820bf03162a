"""An artifact is written whole or not at all."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelcore.artifacts import (
    Artifact,
    ArtifactIncompatible,
    ArtifactNotWritten,
    check_place,
    derive_artifact,
    open_artifact,
)
from modelcore.errors import InputError
from tests.modelcore.artifacts.samples import FIELDS, write_sample
from tests.modelcore.small_disk import run_on_a_small_disk

FILL_A_DISK = """
import sys
from pathlib import Path
from modelcore.artifacts import ArtifactNotWritten
from tests.modelcore.artifacts.samples import write_sample
disk = Path(sys.argv[1])
try:
    write_sample(disk / "model", files={"big.txt": b"x" * 2**21})
except ArtifactNotWritten as error:
    print(error, list(disk.iterdir()))
"""


@pytest.fixture
def small_files_only() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_only_the_artifact_is_left(artifact: Artifact) -> None:
    assert [path.name for path in artifact.path.parent.iterdir()] == ["model"]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, small_files_only: None) -> None:
    with pytest.raises(ArtifactNotWritten, match="was not written"):
        write_sample(tmp_path / "model", files={"big.txt": b"x" * 2**20})
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_artifact_before_it(artifact: Artifact, small_files_only: None) -> None:
    with pytest.raises(ArtifactNotWritten):
        write_sample(artifact.path, files={"big.txt": b"x" * 2**20})
    assert open_artifact(artifact.path) == artifact
    assert [path.name for path in artifact.path.parent.iterdir()] == ["model"]


def test_a_full_disk_gets_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    said = run_on_a_small_disk(tmp_path, FILL_A_DISK, str(tmp_path))
    assert said.startswith("The disk is full")
    assert said.rstrip().endswith("[]")


def test_an_earlier_artifact_is_replaced(artifact: Artifact) -> None:
    second = write_sample(artifact.path, seed=8)
    assert open_artifact(artifact.path).digest == second.digest != artifact.digest


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="holds other things"):
        write_sample(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_good_place_is_left_as_it_was(artifact: Artifact) -> None:
    check_place(artifact.path)
    check_place(artifact.path.parent / "new" / "model")
    assert open_artifact(artifact.path) == artifact
    assert list((artifact.path.parent / "new").iterdir()) == []


@pytest.mark.parametrize("under", ["", "deep"])
def test_a_place_under_a_file_is_refused_before_there_is_an_artifact(tmp_path: Path, under: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ArtifactNotWritten, match="was not written"):
        check_place(tmp_path / "file" / under / "model")


def test_a_path_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactIncompatible, match="not a plain path"):
        write_sample(tmp_path / "model", files={"../config.json": b"{}"})


def test_the_card_tells_the_manifest(artifact: Artifact) -> None:
    card = (artifact.path / "card.md").read_text()
    for told in (
        "Classification model on tiny",
        "`refund`",
        "| accuracy | 0.9 |",
        "**openvino-fp32**",
        "12 rows",
    ):
        assert told in card


def test_the_card_leaves_out_what_was_not_set(tmp_path: Path) -> None:
    artifact = write_sample(tmp_path / "model", recipe={"method": "full", "patience": None, "start": ""})
    card = (artifact.path / "card.md").read_text()
    assert "| method | `full` |" in card
    assert "patience" not in card
    assert "start" not in card


def test_a_label_cannot_break_the_card(tmp_path: Path) -> None:
    artifact = write_sample(tmp_path / "model", labels=["<script>", "a|b`c"])
    card = (artifact.path / "card.md").read_text()
    assert "<script>" not in card
    assert "a\\|b'c" in card


def test_a_derived_artifact_has_old_and_new_files(artifact: Artifact, tmp_path: Path) -> None:
    runtimes = {**FIELDS["runtimes"], "onnx-int8": {"file": "runtimes/onnx-int8/model.onnx"}}
    derived = derive_artifact(
        artifact,
        tmp_path / "derived",
        changes={"runtimes": runtimes, "default_runtime": "onnx-int8"},
        files={"runtimes/onnx-int8/model.onnx": b"\x08\x07small"},
    )
    assert set(derived.manifest.files) == {*artifact.manifest.files, "runtimes/onnx-int8/model.onnx"}
    assert "**onnx-int8**" in (derived.path / "card.md").read_text()
    assert open_artifact(artifact.path) == artifact
