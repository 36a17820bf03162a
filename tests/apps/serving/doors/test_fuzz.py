"""Whatever a client sends, it is answered with a status below 500 and, if refused, a sentence."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from apps.serving.doors.exchange import Exchange
from apps.serving.doors.http import handle
from tests.apps.serving.fakes import FAMILY

pytestmark = pytest.mark.usefixtures("live")
often = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

sizes = some.one_of(some.integers(), some.sampled_from([2**31, 2**63, 10**40, -1, True, None, 1.5, "2"]))
leaves = some.one_of(some.none(), some.booleans(), sizes, some.floats(), some.text(max_size=20))
anything = some.recursive(
    leaves,
    lambda inner: some.one_of(
        some.lists(inner, max_size=4), some.dictionaries(some.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
parameters = some.one_of(
    anything,
    some.fixed_dictionaries({"binary_data_size": sizes}),
    some.fixed_dictionaries({"binary_data_output": leaves}),
)
tensor = some.fixed_dictionaries(
    {},
    optional={
        "name": some.one_of(some.just("text"), leaves),
        "shape": some.one_of(anything, some.lists(sizes, max_size=3)),
        "datatype": some.one_of(some.just("BYTES"), leaves),
        "data": some.one_of(anything, some.lists(some.text(max_size=10), max_size=3)),
        "parameters": parameters,
    },
)
infer_body = some.fixed_dictionaries(
    {},
    optional={
        "id": leaves,
        "inputs": some.one_of(anything, some.lists(tensor, max_size=2)),
        "outputs": some.one_of(anything, some.lists(tensor, max_size=2)),
        "parameters": parameters,
    },
)
openai_body = some.fixed_dictionaries(
    {},
    optional={
        "model": some.one_of(some.just(FAMILY), leaves),
        "input": some.one_of(anything, some.lists(some.lists(sizes, max_size=3), max_size=3)),
        "dimensions": leaves,
        "encoding_format": leaves,
        "user": leaves,
    },
)


def status_of(path: str, body: bytes, headers: dict[str, str]) -> int:
    reply = asyncio.run(handle(Exchange("POST", path, headers, body, "127.0.0.1")))
    found: Any = b"outputs" if reply.status == 200 else json.loads(reply.body)
    assert reply.status == 200 or found["error"]
    return reply.status


@often
@given(body=infer_body, blob=some.binary(max_size=40), length=some.one_of(some.none(), some.text(max_size=6)))
def test_infer_with_any_json(body: Any, blob: bytes, length: str | None) -> None:
    header = json.dumps(body).encode()
    headers = {} if length is None else {"inference-header-content-length": length or str(len(header))}
    assert status_of(f"/v2/models/{FAMILY}/infer", header + blob, headers) < 500


@often
@given(body=some.binary(max_size=200), coding=some.sampled_from(["identity", "gzip", "deflate", "x"]))
def test_infer_with_any_bytes(body: bytes, coding: str) -> None:
    assert status_of(f"/v2/models/{FAMILY}/infer", body, {"content-encoding": coding}) < 500


@often
@given(body=openai_body)
def test_embeddings_with_any_json(body: Any) -> None:
    assert status_of("/v1/embeddings", json.dumps(body).encode(), {}) < 500


@often
@given(model=some.text(max_size=20), version=some.text(max_size=20), key=some.text(max_size=20))
def test_any_path_and_key(model: str, version: str, key: str) -> None:
    path = f"/v2/models/{model}/versions/{version}/infer"
    assert status_of(path, b"{}", {"authorization": key}) < 500
