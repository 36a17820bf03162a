"""What a head adds to an encoder, one module a task; `load_model` opens what an artifact holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

__all__ = ["load_model"]


def load_model(artifact_dir: Path) -> nn.Module:
    """Build the module of an artifact, in eval mode and fp32.

    Args:
        artifact_dir: a folder with the `config.json` and `model.safetensors` of `tasks.weights`.
    Returns:
        A Classifier, Tagger or Embedder, by what the configuration says.
    Raises:
        InputError: the folder holds no such model.
    """
    from modelcore.tasks.weights import read_weights

    return read_weights(Path(artifact_dir))
