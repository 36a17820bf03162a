"""A model on another machine that speaks the Open Inference Protocol V2: Triton, KServe, another Berth."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from modelcore.serving.prediction import Prediction
from modelcore.serving.runtimes import Floats, Ids
from modelcore.serving.v2 import RemoteFailed, Tensor, V2Client

__all__ = ["RemoteFailed", "RemoteModel", "RemoteRuntime"]


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


class RemoteModel:
    """Answers texts by a server that takes `text` BYTES [n] and tokenises itself, such as another Berth.

    Args:
        url: of the model, `http://host:port/v2/models/NAME[/versions/N]`.
        key: an API key, sent as a bearer token.
        timeout_seconds: of one call.
        binary: tensors as raw bytes, else as JSON.
    """

    def __init__(
        self, url: str, *, key: str | None = None, timeout_seconds: float = 10.0, binary: bool = True
    ) -> None:
        self._client = V2Client(url, key=key, timeout_seconds=timeout_seconds, binary=binary)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """
        Raises:
            RemoteFailed: not reachable, too slow, or it refused.
        """
        outputs = self._infer(texts, ("label", "score", "probabilities"))
        return [
            Prediction(label.decode(), float(score), tuple(map(float, probabilities)))
            for label, score, probabilities in zip(
                outputs["label"], outputs["score"], outputs["probabilities"], strict=True
            )
        ]

    def embed(self, texts: Sequence[str]) -> Floats:
        """(n, D) float32.

        Raises:
            RemoteFailed: not reachable, too slow, or it refused.
        """
        return np.asarray(self._infer(texts, ("embedding",))["embedding"], dtype=np.float32)

    def is_ready(self) -> bool:
        return self._client.is_ready()

    def close(self) -> None:
        self._client.close()

    def _infer(self, texts: Sequence[str], wanted: tuple[str, ...]) -> dict[str, Any]:
        encoded = np.array([text.encode() for text in texts], dtype=object)
        outputs = self._client.infer([Tensor("text", "BYTES", encoded)], wanted=wanted)
        missing = [name for name in wanted if name not in outputs]
        if missing:
            raise RemoteFailed(
                "{url} gave no {missing}: ask a model of another task.",
                url=self._client.url,
                missing=", ".join(missing),
            )
        return outputs
