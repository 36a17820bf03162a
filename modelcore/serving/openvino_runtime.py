"""OpenVINO on the processor."""

import functools
import threading
from pathlib import Path

import numpy as np
import openvino

from modelcore.artifacts import ArtifactIncompatible
from modelcore.serving.runtimes import Floats, Ids

# The first conversion of a type imports inside of OpenVINO; two threads that make it at once can lock up.
openvino.Type.f32.to_dtype()

# fp32 has to be said: left alone, OpenVINO computes in bf16 wherever the processor can.
PRECISION = {"openvino-bf16": "bf16"}
# Activations quantised in groups, as they come, against int8 weights; 0 keeps them as they are.
DYNAMIC_GROUP = {"openvino-int8-dynamic": 32}


class OpenVinoRuntime:
    """
    Args:
        file: the model.xml of an IR; its .bin lies beside it.
        name: which of the runtimes on that file, see PRECISION and DYNAMIC_GROUP.
        threads: of one call.
    """

    def __init__(self, file: Path, *, name: str, threads: int) -> None:
        if PRECISION.get(name) == "bf16" and not has_bf16():
            raise ArtifactIncompatible(
                'This processor has no bf16 for the runtime "{name}": use openvino-fp32.', name=name
            )
        settings = {
            "INFERENCE_PRECISION_HINT": PRECISION.get(name, "f32"),
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": DYNAMIC_GROUP.get(name, 0),
            # One stream with all threads: a person waits for the first answer, and the batcher above already
            # fills batches, so that several streams would only share the same cores.
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": 1,
            "INFERENCE_NUM_THREADS": threads,
            # Pinned threads of several processes would fight for the first cores while others idle.
            "ENABLE_CPU_PINNING": False,
        }
        try:
            core = openvino.Core()
            self._model = core.compile_model(core.read_model(file), "CPU", settings)
        except RuntimeError as error:
            raise ArtifactIncompatible(
                'OpenVINO {version} can\'t load "{file}": pack the model again.',
                version=openvino.__version__,
                file=file,
            ) from error
        self._requests = threading.local()

    def run(self, input_ids: Ids, attention_mask: Ids) -> Floats:
        request = getattr(self._requests, "own", None)
        if request is None:
            request = self._requests.own = self._model.create_infer_request()
        found = request.infer({"input_ids": input_ids, "attention_mask": attention_mask}, share_inputs=True)
        return np.asarray(found[0], dtype=np.float32)

    def close(self) -> None:
        self._requests = threading.local()
        del self._model


@functools.cache
def has_bf16() -> bool:
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
