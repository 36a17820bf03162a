import json

import numpy as np

from apps.serving.protocol.infer_response import PART, render_infer_response
from apps.serving.protocol.tensors import Tensor


def test_a_long_answer_holds_every_number_once() -> None:
    values = np.arange(2 * PART + 2, dtype=np.float32).reshape(-1, 2)
    tensors = [Tensor("embedding", "FP32", values.shape, values), Tensor("spans", "BYTES", (0,), [])]
    body, headers = render_infer_response(
        model="m", version="1", request_id="7", tensors=tensors, is_binary=lambda _: False
    )
    answer = json.loads(body)
    assert headers == {"Content-Type": "application/json"}
    assert (answer["model_name"], answer["model_version"], answer["id"]) == ("m", "1", "7")
    assert [output["name"] for output in answer["outputs"]] == ["embedding", "spans"]
    assert answer["outputs"][0]["data"] == values.ravel().tolist()
    assert answer["outputs"][1] == {"name": "spans", "datatype": "BYTES", "shape": [0], "data": []}
