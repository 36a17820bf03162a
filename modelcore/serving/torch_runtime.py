"""The module itself in torch: the reference that other runtimes are compared with."""

from pathlib import Path

import numpy as np
import torch

from modelcore.serving.runtimes import Floats, Ids
from modelcore.tasks import load_model
from modelcore.tasks.threads import torch_threads


class TorchRuntime:
    """
    Args:
        folder: an artifact's directory.
        threads: of one call.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        self._threads = threads
        self._model = load_model(folder).eval()

    def run(self, input_ids: Ids, attention_mask: Ids) -> Floats:
        with torch.inference_mode(), torch_threads(self._threads):
            found = self._model(torch.from_numpy(input_ids), torch.from_numpy(attention_mask))
        return np.asarray(found.numpy(), dtype=np.float32)

    def close(self) -> None:
        del self._model
