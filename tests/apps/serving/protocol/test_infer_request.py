import json
from typing import Any

import pytest

from apps.serving.errors import Fault, ServingError
from apps.serving.limits import Limits
from apps.serving.protocol.infer_request import InferRequest, parse_infer_request, parse_json_object
from apps.serving.protocol.tensors import encode_strings

LIMITS = Limits(items=4, text_characters=100)


def parse(value: Any, blob: bytes | None = None) -> InferRequest:
    header = json.dumps(value).encode()
    length = None if blob is None else str(len(header))
    return parse_infer_request(header + (blob or b""), length, LIMITS)


def text_input(**changes: Any) -> dict[str, Any]:
    given = {"name": "text", "shape": [2], "datatype": "BYTES", "data": ["one", "two"], **changes}
    return {name: value for name, value in given.items() if value is not None}


@pytest.mark.parametrize(("shape", "data"), [([2], ["one", "two"]), ([2, 1], [["one"], ["two"]])])
def test_data_may_be_flat_or_nested(shape: list[int], data: list[Any]) -> None:
    assert parse({"inputs": [text_input(shape=shape, data=data)]}).texts == ("one", "two")


def test_binary_data_follows_the_json() -> None:
    blob = encode_strings([b"one", "二".encode()])
    given = text_input(data=None, parameters={"binary_data_size": len(blob)})
    assert parse({"inputs": [given]}, blob).texts == ("one", "二")


def test_the_id_and_the_wanted_outputs_are_kept() -> None:
    outputs = [{"name": "label"}, {"name": "score", "parameters": {"binary_data": False}}]
    request = parse(
        {"id": "7", "inputs": [text_input()], "outputs": outputs, "parameters": {"binary_data_output": True}}
    )
    assert request.request_id == "7"
    assert (request.is_binary("label"), request.is_binary("score")) == (True, False)


BAD: dict[str, Any] = {
    "no inputs": {},
    "inputs is a text": {"inputs": "text"},
    "two inputs": {"inputs": [text_input(), text_input()]},
    "another name": {"inputs": [text_input(name="texts")]},
    "another datatype": {"inputs": [text_input(datatype="FP32")]},
    "datatype is a list": {"inputs": [text_input(datatype=["BYTES"])]},
    "a negative shape": {"inputs": [text_input(shape=[-2])]},
    "no shape": {"inputs": [text_input(shape=None)]},
    "a number among the texts": {"inputs": [text_input(data=["one", 2])]},
    "data is a text": {"inputs": [text_input(data="one")]},
    "no data": {"inputs": [text_input(data=None)]},
    "too few": {"inputs": [text_input(data=["one"])]},
    "a lone surrogate": {"inputs": [text_input(data=["one", "\ud800"])]},
    "a NUL byte": {"inputs": [text_input(data=["one", "t\0wo"])]},
    "an empty text": {"inputs": [text_input(data=["one", " "])]},
    "no texts": {"inputs": [text_input(shape=[0], data=[])]},
    "a size without bytes": {"inputs": [text_input(data=None, parameters={"binary_data_size": 8})]},
    "a negative size": {"inputs": [text_input(data=None, parameters={"binary_data_size": -1})]},
    "both kinds of data": {"inputs": [text_input(parameters={"binary_data_size": 0})]},
    "parameters is a list": {"inputs": [text_input()], "parameters": []},
    "a flag that is a text": {"inputs": [text_input()], "parameters": {"binary_data_output": "yes"}},
    "shared memory": {"inputs": [text_input(parameters={"shared_memory_region": "mine"})]},
    "outputs is an object": {"inputs": [text_input()], "outputs": {}},
    "very many outputs": {"inputs": [text_input()], "outputs": [{"name": "label"}] * 33},
    "a nameless output": {"inputs": [text_input()], "outputs": [{}]},
    "id is a number": {"id": 7, "inputs": [text_input()]},
    "a list": [],
}


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
def test_what_is_wrong_is_a_sentence(value: Any) -> None:
    with pytest.raises(ServingError) as raised:
        parse(value)
    assert raised.value.fault is Fault.MALFORMED
    assert raised.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "not JSON: Expecting value"),
        (b"{", "not JSON: Expecting property name"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"a": NaN}', "not JSON: NaN"),
        (b"9" * 5000, "a number of thousands of digits"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 50_000, "nested too deeply"),
    ],
)
def test_a_body_that_is_no_json_is_a_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(ServingError, match=sentence) as raised:
        parse_infer_request(body, None, LIMITS)
    assert raised.value.fault is Fault.MALFORMED


def test_a_mark_of_the_order_of_bytes_is_read_over() -> None:
    assert parse_json_object(b'\xef\xbb\xbf{"id": "a"}') == {"id": "a"}


@pytest.mark.parametrize("length", ["-1", "1e3", "", "٣", "9" * 40, "1000"])
def test_a_header_length_that_lies_is_a_sentence(length: str) -> None:
    with pytest.raises(ServingError, match="Inference-Header-Content-Length"):
        parse_infer_request(b"{}", length, LIMITS)


@pytest.mark.parametrize("data", [["x" * 101], ["a"] * 5])
def test_what_is_too_large_says_the_limit(data: list[str]) -> None:
    with pytest.raises(ServingError, match="may h") as raised:
        parse({"inputs": [text_input(shape=[len(data)], data=data)]})
    assert raised.value.fault is Fault.TOO_LARGE


def test_a_shape_that_is_too_large_is_refused_before_the_data_is_read() -> None:
    with pytest.raises(ServingError) as raised:
        parse({"inputs": [text_input(shape=[5], data=None, parameters={"binary_data_size": 3})]}, b"\0\0\0")
    assert raised.value.fault is Fault.TOO_LARGE


def test_the_name_of_an_output_is_told_in_short() -> None:
    outputs = [{"name": "x" * 100_000, "parameters": []}]
    with pytest.raises(ServingError) as raised:
        parse({"inputs": [text_input()], "outputs": outputs})
    assert len(raised.value.sentence) < 200
