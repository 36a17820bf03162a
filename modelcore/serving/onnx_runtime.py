"""ONNX Runtime on the processor."""

from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as faults

from modelcore.artifacts import ArtifactIncompatible
from modelcore.serving.runtimes import Floats, Ids

CANNOT_LOAD = (faults.Fail, faults.InvalidGraph, faults.InvalidProtobuf, faults.NotImplemented)


class OnnxRuntime:
    """
    Args:
        file: a model.onnx.
        threads: of one call.
        is_alone: each text is a call of its own, without padding. Dynamic quantisation takes one scale for
            all activations of a call: a text's answer would depend on whose texts it came with.
    """

    def __init__(self, file: Path, *, threads: int, is_alone: bool = False) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that wait for the next text by spinning take the processor from whoever has work.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        except CANNOT_LOAD as error:
            raise ArtifactIncompatible(
                'ONNX Runtime {version} can\'t load "{file}": pack the model again.',
                version=onnxruntime.__version__,
                file=file,
            ) from error
        self._is_alone = is_alone

    def run(self, input_ids: Ids, attention_mask: Ids) -> Floats:
        if not self._is_alone:
            return self._call(input_ids, attention_mask)
        lengths = attention_mask.sum(axis=1)
        found = [
            self._call(ids[None, :length], np.ones((1, length), dtype=np.int64))[0]
            for ids, length in zip(input_ids, lengths, strict=True)
        ]
        if found[0].ndim == 1:
            return np.stack(found)
        padded = np.zeros((*input_ids.shape, found[0].shape[-1]), dtype=np.float32)
        for row, answer in zip(padded, found, strict=True):
            row[: len(answer)] = answer
        return padded

    def _call(self, input_ids: Ids, attention_mask: Ids) -> Floats:
        found = self._session.run(None, {"input_ids": input_ids, "attention_mask": attention_mask})
        return np.asarray(found[0], dtype=np.float32)

    def close(self) -> None:
        del self._session
