"""The fp32 runtimes that every smaller one starts from and is compared with."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from modelcore.artifacts import Artifact
from modelcore.compression.errors import NotFaithful
from modelcore.serving.runtimes import load_runtime

ONNX, OPENVINO = "onnx-fp32", "openvino-fp32"
FILES = {ONNX: "runtimes/onnx-fp32/model.onnx", OPENVINO: "runtimes/openvino-fp32/model.xml"}
MOST_DIFFERENCE = 1e-4
BATCHES = 10


def export_fp32(artifact: Artifact, folder: Path) -> Mapping[str, Path]:
    """Export an artifact's module to ONNX and OpenVINO and prove that they compute the same.

    Args:
        artifact: with config.json and model.safetensors.
        folder: where the files go, by the names that they have in an artifact.
    Returns:
        Runtime to file.
    Raises:
        NotFaithful: an output differs from torch by more than 1e-4 on random batches.
    """
    from modelcore.tasks import load_model
    from modelcore.tasks.export import export_onnx, export_openvino, largest_differences

    model = load_model(artifact.path)
    files = {name: folder / file for name, file in FILES.items()}
    export_onnx(model, files[ONNX])
    export_openvino(files[ONNX], files[OPENVINO])
    runtimes = {name: load_runtime(file, name, threads=2) for name, file in files.items()}
    differences = largest_differences(model, runtimes, batches=BATCHES, seed=0)
    for name, runtime in runtimes.items():
        runtime.close()
        if not differences[name] <= MOST_DIFFERENCE:
            raise NotFaithful(
                "{name} differs from torch by {max_difference:.2g}, more than {limit:g}: "
                "keep serving this model with torch and report its architecture.",
                name=name,
                max_difference=differences[name],
                limit=MOST_DIFFERENCE,
            )
    return files


def runtime_files(name: str, file: Path) -> dict[str, Path]:
    """What a runtime's files are called in an artifact, and where they are now."""
    inside = f"runtimes/{name}"
    if file.suffix == ".xml":
        return {f"{inside}/{file.name}": file, f"{inside}/{file.stem}.bin": file.with_suffix(".bin")}
    return {f"{inside}/{file.name}": file}


def scratch_folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="berth-compress-")
