import base64
import json
from typing import Any

import numpy as np
import pytest

from apps.serving.errors import ServingError
from apps.serving.limits import Limits
from apps.serving.protocol.embeddings import parse_embeddings_request, render_embeddings, shortened

LIMITS = Limits(items=4, tokens=10)
VECTORS = np.array([[3.0, 4.0, 0.0], [0.0, 1.0, 0.0]], dtype=np.float32)


def given(value: Any) -> tuple[Any, ...]:
    return parse_embeddings_request({"model": "m", "input": value}, LIMITS).given


def test_an_input_has_four_kinds() -> None:
    assert given("one") == ("one",)
    assert given(["one", "two"]) == ("one", "two")
    assert given([7, 8]) == ((7, 8),)
    assert given([[7], [8, 9]]) == ((7,), (8, 9))


def test_a_format_of_null_is_the_usual_one() -> None:
    asked = {"model": "m", "input": "one", "encoding_format": None}
    assert parse_embeddings_request(asked, LIMITS).encoding_format == "float"


def test_a_model_may_name_its_version() -> None:
    request = parse_embeddings_request({"model": "m:challenger", "input": "one"}, LIMITS)
    assert (request.model, request.version) == ("m", "challenger")


BAD: list[dict[str, Any]] = [
    {},
    {"model": 1},
    {"model": "m"},
    {"model": "m", "input": []},
    {"model": "m", "input": [1, "one"]},
    {"model": "m", "input": [[]]},
    {"model": "m", "input": [-1]},
    {"model": "m", "input": [True]},
    {"model": "m", "input": list(range(11))},
    {"model": "m", "input": ["a"] * 5},
    {"model": "m", "input": [[1, 2, 3]] * 4},
    {"model": "m", "input": [[1], ["one"]]},
    {"model": "m", "input": "a", "encoding_format": "hex"},
    {"model": "m", "input": "a", "encoding_format": []},
    {"model": "m", "input": "a", "dimensions": 0},
    {"model": "m", "input": "a", "user": 5},
]


@pytest.mark.parametrize("value", BAD)
def test_what_is_wrong_names_the_field(value: dict[str, Any]) -> None:
    with pytest.raises(ServingError) as raised:
        parse_embeddings_request(value, LIMITS)
    assert raised.value.param in {"model", "input", "encoding_format", "dimensions", "user"}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([], "holds no text"),
        ([[]], "nor one or several lists of token ids"),
        ([-1], "nor one or several lists of token ids"),
    ],
)
def test_a_sentence_says_what_an_input_is(value: Any, sentence: str) -> None:
    with pytest.raises(ServingError, match=sentence):
        given(value)


def test_base64_holds_little_endian_float32() -> None:
    body = render_embeddings(model="m", vectors=VECTORS, encoding_format="base64", tokens=5)
    entry = json.loads(body)["data"][1]
    assert np.frombuffer(base64.b64decode(entry["embedding"]), "<f4").tolist() == [0.0, 1.0, 0.0]


def test_usage_counts_the_tokens() -> None:
    body = render_embeddings(model="m", vectors=VECTORS, encoding_format="float", tokens=5)
    assert json.loads(body)["usage"] == {"prompt_tokens": 5, "total_tokens": 5}


def test_fewer_dimensions_keep_the_length_one() -> None:
    cut = shortened(VECTORS, 1)
    assert cut.tolist() == [[1.0], [0.0]]


def test_more_dimensions_than_there_are_is_a_sentence() -> None:
    with pytest.raises(ServingError, match="this model has 3"):
        shortened(VECTORS, 4)


def test_an_answer_is_one_object() -> None:
    body = render_embeddings(model="m:1", vectors=VECTORS, encoding_format="float", tokens=7)
    assert json.loads(body) == {
        "object": "list",
        "data": [
            {"object": "embedding", "index": 0, "embedding": [3.0, 4.0, 0.0]},
            {"object": "embedding", "index": 1, "embedding": [0.0, 1.0, 0.0]},
        ],
        "model": "m:1",
        "usage": {"prompt_tokens": 7, "total_tokens": 7},
    }
