"""A manifest says exactly one thing in exactly one way."""

import json
from typing import Any

import pytest

from modelcore.artifacts import Artifact, ArtifactCorrupt, ArtifactIncompatible
from modelcore.artifacts.manifest import Manifest, decode, encode


def changed(artifact: Artifact, **changes: Any) -> dict[str, Any]:
    return {**artifact.manifest.to_json(), **changes}


def test_decoding_gives_back_what_was_encoded(artifact: Artifact) -> None:
    assert decode(encode(artifact.manifest)) == artifact.manifest


def test_the_json_is_plain(artifact: Artifact) -> None:
    assert json.loads(json.dumps(artifact.manifest.to_json())) == artifact.manifest.to_json()


def test_a_newer_schema_is_incompatible(artifact: Artifact) -> None:
    with pytest.raises(ArtifactIncompatible, match="schema version 2"):
        Manifest.from_json(changed(artifact, schema_version=2))


def test_an_unknown_task_is_incompatible(artifact: Artifact) -> None:
    with pytest.raises(ArtifactIncompatible, match="'translation'"):
        Manifest.from_json(changed(artifact, task="translation"))


def test_an_unknown_field_is_incompatible(artifact: Artifact) -> None:
    with pytest.raises(ArtifactIncompatible, match="colour"):
        Manifest.from_json(changed(artifact, colour="red"))


def test_a_field_of_another_type_is_corrupt(artifact: Artifact) -> None:
    with pytest.raises(ArtifactCorrupt, match='"max_tokens" as a int'):
        Manifest.from_json(changed(artifact, max_tokens="many"))


@pytest.mark.parametrize("runtime", [None, "model.onnx", ["model.onnx"], {"file": ["model.onnx"]}])
def test_a_runtime_that_names_no_file_is_corrupt(artifact: Artifact, runtime: object) -> None:
    with pytest.raises(ArtifactCorrupt, match='the runtime "onnx-fp32"'):
        Manifest.from_json(changed(artifact, runtimes={"onnx-fp32": runtime}))


@pytest.mark.parametrize("temperature", [0, -1.0, float("nan"), float("inf"), "1.0", None])
def test_a_temperature_is_a_number_above_0(artifact: Artifact, temperature: object) -> None:
    with pytest.raises(ArtifactCorrupt, match="temperature"):
        Manifest.from_json(changed(artifact, calibration={"temperature": temperature}))


@pytest.mark.parametrize(
    "name", ["../outside.json", "/etc/passwd.txt", "a/../b.json", "a//b.json", "a\\b.json"]
)
def test_a_path_that_leaves_the_folder_is_incompatible(artifact: Artifact, name: str) -> None:
    with pytest.raises(ArtifactIncompatible, match="not a plain path"):
        Manifest.from_json(changed(artifact, files={name: "0" * 64}))


def test_the_default_runtime_has_to_exist(artifact: Artifact) -> None:
    with pytest.raises(ArtifactIncompatible, match="abacus"):
        Manifest.from_json(changed(artifact, default_runtime="abacus"))


def test_a_runtimes_file_has_to_be_listed(artifact: Artifact) -> None:
    runtimes = {"openvino-fp32": {"file": "runtimes/elsewhere.xml"}}
    with pytest.raises(ArtifactIncompatible, match="elsewhere"):
        Manifest.from_json(changed(artifact, runtimes=runtimes))


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{}", b'{"seal": 1}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_manifest_is_corrupt(content: bytes) -> None:
    with pytest.raises(ArtifactCorrupt, match="changed or damaged"):
        decode(content)
