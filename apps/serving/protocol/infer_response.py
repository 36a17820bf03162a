"""A V2 inference response over HTTP."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from apps.serving.protocol.tensors import Tensor

HEADER_LENGTH = "Inference-Header-Content-Length"


def render_infer_response(
    *,
    model: str,
    version: str,
    request_id: str | None,
    tensors: Sequence[Tensor],
    is_binary: Callable[[str], bool],
) -> tuple[bytes, dict[str, str]]:
    """The body and headers: all JSON, or JSON followed by the bytes of those outputs that are wanted so."""
    described: list[dict[str, Any]] = []
    blobs: list[bytes] = []
    for tensor in tensors:
        output: dict[str, Any] = {
            "name": tensor.name,
            "datatype": tensor.datatype,
            "shape": list(tensor.shape),
        }
        if is_binary(tensor.name):
            blobs.append(tensor.to_bytes())
            output["parameters"] = {"binary_data_size": len(blobs[-1])}
        else:
            output["data"] = tensor.to_list()
        described.append(output)
    answer: dict[str, Any] = {"model_name": model, "model_version": version, "outputs": described}
    if request_id is not None:
        answer["id"] = request_id
    header = json.dumps(answer).encode()
    if not blobs:
        return header, {"Content-Type": "application/json"}
    headers = {"Content-Type": "application/octet-stream", HEADER_LENGTH: str(len(header))}
    return b"".join([header, *blobs]), headers
