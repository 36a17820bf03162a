"""Inference on another machine: the same answers, or a sentence."""

import json
from typing import Any

import numpy as np
import pytest

from modelcore.artifacts import Artifact
from modelcore.errors import InputError
from modelcore.serving import Predictor
from modelcore.serving.remote import RemoteFailed, RemoteRuntime
from modelcore.serving.v2 import KINDS, Tensor, V2Client, decode_response
from tests.modelcore.serving.samples import TEXTS
from tests.modelcore.serving.v2_server import every_kind, sleepy, v2_server

ONE = [Tensor("x", "FP16", np.ones(1, dtype=np.float16))]


def graph_of(predictor: Predictor) -> Any:
    def answer(inputs: dict[str, Any]) -> dict[str, Tensor]:
        scores = predictor._runtime.run(inputs["input_ids"], inputs["attention_mask"])
        return {"logits": Tensor("logits", "FP32", scores)}

    return answer


def refuse(_: dict[str, Any]) -> dict[str, Tensor]:
    raise LookupError("the model has no such input")


@pytest.mark.parametrize("binary", [True, False])
def test_a_graph_elsewhere_gives_the_scores_of_here(classifier: Artifact, binary: bool) -> None:
    local = Predictor.open(classifier)
    with v2_server(graph_of(local)) as (url, _):
        remote = Predictor(classifier, RemoteRuntime(url, binary=binary), runtime_name="remote")
        np.testing.assert_allclose(remote.scores(TEXTS), local.scores(TEXTS), rtol=1e-6)


def test_a_predictor_opens_a_remote_runtime_by_its_url(classifier: Artifact) -> None:
    local = Predictor.open(classifier)
    with v2_server(graph_of(local)) as (url, seen):
        assert Predictor.open(classifier, runtime=url).predict(TEXTS) == local.predict(TEXTS)
        assert seen


@pytest.mark.parametrize("binary", [True, False])
def test_every_datatype_comes_back(binary: bool) -> None:
    with v2_server(every_kind) as (url, _):
        outputs = V2Client(url, binary=binary).infer(ONE)
    assert set(outputs) == {*KINDS, "BYTES"}
    assert all(outputs[kind].shape == (2, 1) for kind in KINDS)
    assert [value.decode() for value in outputs["BYTES"]] == ["a", "é"]


def test_a_refusal_carries_the_servers_reason() -> None:
    with v2_server(refuse) as (url, _), pytest.raises(RemoteFailed, match="400: the model has no such input"):
        V2Client(url).infer(ONE)


def test_a_slow_server_times_out() -> None:
    with v2_server(sleepy) as (url, _), pytest.raises(RemoteFailed, match=r"no answer in 0\.1 s"):
        V2Client(url, timeout_seconds=0.1).infer(ONE)


def test_nobody_there_is_a_sentence() -> None:
    with v2_server(refuse) as (url, _):
        pass
    with pytest.raises(RemoteFailed, match="can't be reached"):
        V2Client(url).infer(ONE)


def test_a_model_of_more_than_one_output_is_a_sentence() -> None:
    ids = np.ones((1, 2), dtype=np.int64)
    with v2_server(every_kind) as (url, _), pytest.raises(RemoteFailed, match="13 outputs instead of one"):
        RemoteRuntime(url).run(ids, ids)


@pytest.mark.parametrize("url", ["", "intent", "ftp://host/v2/models/a", "http://host/models/a"])
def test_what_is_no_model_url_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="is not the URL of a model"):
        V2Client(url)


SHORT = {"name": "x", "datatype": "INT8", "shape": [9], "parameters": {"binary_data_size": 9}}
MISSHAPEN = {"name": "x", "datatype": "FP32", "shape": [3], "data": [1, 2]}


@pytest.mark.parametrize("output", [SHORT, MISSHAPEN, "nonsense", None])
def test_a_wrong_answer_is_noticed(output: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        decode_response(json.dumps({"outputs": [output]}).encode(), None)
