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
# Rows; fewer are answered as fast by one stream.
SMALLEST_SHARE = 2


class OpenVinoRuntime:
    """
    Args:
        file: the model.xml of an IR; its .bin lies beside it.
        name: which of the runtimes on that file, see PRECISION and DYNAMIC_GROUP.
        threads: that work at once, each on a share of the rows of one call or on a call of its own.
    """

    def __init__(self, file: Path, *, name: str, threads: int) -> None:
        if PRECISION.get(name) == "bf16" and not has_bf16():
            raise ArtifactIncompatible(
                'This processor has no bf16 for the runtime "{name}": use openvino-fp32.', name=name
            )
        settings = {
            "INFERENCE_PRECISION_HINT": PRECISION.get(name, "f32"),
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": DYNAMIC_GROUP.get(name, 0),
            # Threads that share one short text wait for each other more than they work. So a stream has one
            # thread, a short text one stream, and a batch is shared out among all of them, which two cores
            # answer half again as fast; and models that are asked at once do not fight for the cores.
            "NUM_STREAMS": threads,
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
        self._streams = threads
        self._requests = threading.local()

    def run(self, input_ids: Ids, attention_mask: Ids) -> Floats:
        shares = max(1, min(self._streams, len(input_ids) // SMALLEST_SHARE))
        requests = self._requests_of_thread()[:shares]
        if shares == 1:
            # In this very thread where there is one stream: nobody has to be woken.
            found = requests[0].infer(
                {"input_ids": input_ids, "attention_mask": attention_mask}, share_inputs=True
            )
            return np.asarray(found[0], dtype=np.float32)
        parts = zip(np.array_split(input_ids, shares), np.array_split(attention_mask, shares), strict=True)
        for request, (ids, mask) in zip(requests, parts, strict=True):
            request.start_async({"input_ids": ids, "attention_mask": mask}, share_inputs=True)
        for request in requests:
            request.wait()
        # Copied, for the next call writes over what a request found.
        return np.concatenate([request.get_output_tensor(0).data for request in requests], dtype=np.float32)

    def _requests_of_thread(self) -> list[openvino.InferRequest]:
        """One a stream; not shared, so that any number of threads may call at once."""
        own: list[openvino.InferRequest] | None = getattr(self._requests, "own", None)
        if own is None:
            own = self._requests.own = [self._model.create_infer_request() for _ in range(self._streams)]
        return own

    def close(self) -> None:
        self._requests = threading.local()
        del self._model


@functools.cache
def has_bf16() -> bool:
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
