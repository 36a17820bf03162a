"""The module itself in torch: the reference that other runtimes are compared with."""

from pathlib import Path

import numpy as np
import torch

from modelcore.serving.runtimes import Floats, Ids
from modelcore.tasks import load_model


class TorchRuntime:
    """
    Args:
        folder: an artifact's directory.
        threads: of one call; torch has one number for the whole process.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        torch.set_num_threads(threads)
        self._model = load_model(folder).eval()

    def run(self, input_ids: Ids, attention_mask: Ids) -> Floats:
        with torch.inference_mode():
            found = self._model(torch.from_numpy(input_ids), torch.from_numpy(attention_mask))
        return np.asarray(found.numpy(), dtype=np.float32)

    def close(self) -> None:
        del self._model
