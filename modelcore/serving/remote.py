"""A model on another machine that speaks the Open Inference Protocol V2: Triton, KServe."""

import numpy as np

from modelcore.serving.runtimes import Floats, Ids
from modelcore.serving.v2 import RemoteFailed, Tensor, V2Client

__all__ = ["RemoteFailed", "RemoteRuntime"]


class RemoteRuntime:
    """Runs padded batches on a server that holds the exported graph; tokenising stays here.

    Args:
        url: of the model, `http://host:port/v2/models/NAME[/versions/N]`.
        timeout_seconds: of one call.
        binary: send tensors as raw bytes, which every server of note takes; else as JSON.
    """

    def __init__(self, url: str, *, timeout_seconds: float = 10.0, binary: bool = True) -> None:
        self._client = V2Client(url, timeout_seconds=timeout_seconds, binary=binary)

    def run(self, input_ids: Ids, attention_mask: Ids) -> Floats:
        """
        Raises:
            RemoteFailed: not reachable, too slow, it refused, or it gave more or less than one output.
        """
        inputs = [
            Tensor("input_ids", "INT64", input_ids),
            Tensor("attention_mask", "INT64", attention_mask),
        ]
        outputs = self._client.infer(inputs)
        if len(outputs) != 1:
            raise RemoteFailed(
                "{url} gave {outputs} outputs instead of one: give another model.",
                url=self._client.url,
                outputs=len(outputs),
            )
        return np.asarray(next(iter(outputs.values())), dtype=np.float32)

    def close(self) -> None:
        self._client.close()
