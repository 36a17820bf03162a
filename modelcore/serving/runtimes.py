"""The engines that run a model: one protocol, chosen by name."""

from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from modelcore.artifacts import Artifact, ArtifactIncompatible
from modelcore.errors import InputError

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
REFERENCE = "openvino-fp32"
TORCH = "torch"
ONNX_DYNAMIC = "onnx-int8-dynamic"


class Runtime(Protocol):
    """Runs one padded batch; safe to call from several threads at once."""

    def run(self, input_ids: Ids, attention_mask: Ids) -> Floats:
        """
        Args:
            input_ids: (n, T) int64.
            attention_mask: (n, T) int64, 1 for a real token.
        Returns:
            Logits (n, L) or (n, T, L), or embeddings (n, D).
        """
        ...

    def close(self) -> None: ...


def open_runtime(artifact: Artifact, name: str, *, threads: int) -> Runtime:
    """Load a model into an engine.

    Args:
        artifact: verified.
        name: one of the manifest's runtimes, "torch", or the URL of a model on a V2 server
            (`http://host:port/v2/models/NAME`) that takes input_ids and attention_mask.
        threads: that one call uses, at least 1.
    Raises:
        InputError: the artifact has no such runtime.
        ArtifactIncompatible: the engine can't load its file, or this machine can't run it.
    """
    if name.startswith(("http://", "https://")):
        from modelcore.serving.remote import RemoteRuntime

        return RemoteRuntime(name)
    if name == TORCH:
        from modelcore.serving.torch_runtime import TorchRuntime

        return TorchRuntime(artifact.path, threads=threads)
    entry = artifact.manifest.runtimes.get(name)
    if entry is None or not entry.get("file"):
        known = ", ".join(sorted({*artifact.manifest.runtimes, TORCH}))
        raise InputError(
            'The artifact has no runtime "{name}": choose one of {known}.', name=name, known=known
        )
    return load_runtime(artifact.path / entry["file"], name, threads=threads)


def load_runtime(file: Path, name: str, *, threads: int) -> Runtime:
    """Load a runtime's file, whether or not it is part of an artifact yet.

    Raises:
        ArtifactIncompatible: as `open_runtime`.
    """
    if name.startswith("openvino-"):
        from modelcore.serving.openvino_runtime import OpenVinoRuntime

        return OpenVinoRuntime(file, name=name, threads=threads)
    if name.startswith("onnx-"):
        from modelcore.serving.onnx_runtime import OnnxRuntime

        return OnnxRuntime(file, threads=threads, is_alone=name == ONNX_DYNAMIC)
    raise ArtifactIncompatible(
        'This Berth has no engine for the runtime "{name}": use the Berth that wrote it.', name=name
    )


def best_runtime(artifact: Artifact) -> str:
    """The artifact's default, or fp32 where this machine can't run that (bf16 on an older processor)."""
    chosen = artifact.manifest.default_runtime
    if chosen == "openvino-bf16" and REFERENCE in artifact.manifest.runtimes:
        from modelcore.serving.openvino_runtime import has_bf16

        return chosen if has_bf16() else REFERENCE
    return chosen
