"""A V2 inference response over HTTP."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from apps.serving.protocol.tensors import Tensor

HEADER_LENGTH = "Inference-Header-Content-Length"
PART = 4096


def render_infer_response(
    *,
    model: str,
    version: str,
    request_id: str | None,
    tensors: Sequence[Tensor],
    is_binary: Callable[[str], bool],
) -> tuple[bytes, dict[str, str]]:
    """The body and headers: all JSON, or JSON followed by the bytes of those outputs that are wanted so."""
    described: list[str] = []
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
            described.append(json.dumps(output))
        else:
            described.append(f'{json.dumps(output)[:-1]}, "data": [{_listed(tensor.to_list())}]}}')
    answer: dict[str, Any] = {"model_name": model, "model_version": version}
    if request_id is not None:
        answer["id"] = request_id
    header = f'{json.dumps(answer)[:-1]}, "outputs": [{", ".join(described)}]}}'.encode()
    if not blobs:
        return header, {"Content-Type": "application/json"}
    headers = {"Content-Type": "application/octet-stream", HEADER_LENGTH: str(len(header))}
    return b"".join([header, *blobs]), headers


def _listed(values: list[Any]) -> str:
    """The elements of a JSON list. In parts: while `json` writes, no other thread gets its turn."""
    parts = (values[start : start + PART] for start in range(0, len(values), PART))
    return ", ".join(json.dumps(part)[1:-1] for part in parts)
