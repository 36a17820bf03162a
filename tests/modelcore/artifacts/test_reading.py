"""Whatever happened to an artifact after it was written is told before anything of it is used."""

import pickle
import random
from pathlib import Path

import pytest

from modelcore.artifacts import (
    Artifact,
    ArtifactCorrupt,
    ArtifactError,
    ArtifactIncompatible,
    ArtifactMissing,
    open_artifact,
)
from tests.modelcore.artifacts.samples import FILES

EVERY_FILE = [*FILES, "card.md", "manifest.json"]


def test_what_was_written_opens_with_the_same_digest(artifact: Artifact) -> None:
    again = open_artifact(artifact.path)
    assert again == artifact
    assert again.manifest.labels == ("refund", "delivery")


def test_no_folder_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing, match="no artifact at"):
        open_artifact(tmp_path / "nothing")


def test_a_folder_of_something_else_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing, match=r"manifest\.json is missing"):
        open_artifact(tmp_path)


@pytest.mark.parametrize("name", EVERY_FILE)
def test_a_removed_file_is_missing(artifact: Artifact, name: str) -> None:
    (artifact.path / name).unlink()
    with pytest.raises(ArtifactMissing, match=name):
        open_artifact(artifact.path)


@pytest.mark.parametrize("name", EVERY_FILE)
def test_a_truncated_file_is_refused(artifact: Artifact, name: str) -> None:
    file = artifact.path / name
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ArtifactError, match=name):
        open_artifact(artifact.path)


@pytest.mark.parametrize("name", EVERY_FILE)
def test_any_flipped_bit_is_refused(artifact: Artifact, name: str) -> None:
    file = artifact.path / name
    whole = file.read_bytes()
    generator = random.Random(name)
    for position in [generator.randrange(8 * len(whole)) for _ in range(50)]:
        damaged = bytearray(whole)
        damaged[position // 8] ^= 1 << position % 8
        file.write_bytes(damaged)
        with pytest.raises(ArtifactError, match=name):
            open_artifact(artifact.path)


def test_an_edited_metric_is_corrupt(artifact: Artifact) -> None:
    manifest = artifact.path / "manifest.json"
    manifest.write_text(manifest.read_text().replace("0.9", "0.99"))
    with pytest.raises(ArtifactCorrupt, match="changed or damaged"):
        open_artifact(artifact.path)


def test_an_added_file_is_corrupt(artifact: Artifact) -> None:
    (artifact.path / "notes.txt").write_text("hello")
    with pytest.raises(ArtifactCorrupt, match="not in the manifest"):
        open_artifact(artifact.path)


def test_an_added_pickle_is_told_as_one(artifact: Artifact) -> None:
    (artifact.path / "extra.json").write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(ArtifactIncompatible, match="pickle"):
        open_artifact(artifact.path)


@pytest.mark.parametrize("name", ["config.json", "manifest.json"])
def test_a_link_is_corrupt(artifact: Artifact, tmp_path: Path, name: str) -> None:
    (artifact.path / name).rename(tmp_path / name)
    (artifact.path / name).symlink_to(tmp_path / name)
    with pytest.raises(ArtifactCorrupt, match="is a link"):
        open_artifact(artifact.path)


def test_a_linked_folder_is_corrupt(artifact: Artifact, tmp_path: Path) -> None:
    (artifact.path / "runtimes").rename(tmp_path / "runtimes")
    (artifact.path / "runtimes").symlink_to(tmp_path / "runtimes")
    with pytest.raises(ArtifactCorrupt, match="is a link"):
        open_artifact(artifact.path)


def test_another_artifact_under_the_digest_is_corrupt(artifact: Artifact) -> None:
    with pytest.raises(ArtifactCorrupt, match="is the artifact"):
        open_artifact(artifact.path, digest="0" * 64)
