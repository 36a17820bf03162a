import numpy as np
import pytest

from apps.serving.errors import Fault, ServingError
from apps.serving.limits import Limits
from apps.serving.protocol.tensors import Tensor, checked_rows, decode_strings, encode_strings

WORDS = [b"ship", "港口".encode(), b""]


def test_strings_come_back_as_they_went() -> None:
    assert decode_strings(encode_strings(WORDS), 3) == WORDS


def test_each_string_stands_behind_its_length() -> None:
    assert encode_strings([b"ab"]) == b"\x02\x00\x00\x00ab"


@pytest.mark.parametrize(
    ("raw", "count", "part"),
    [
        (b"\x02\x00\x00\x00a", 1, "says 2 bytes; 1 are left"),
        (b"\xff\xff\xff\xffa", 1, "says 4294967295 bytes"),
        (b"\x02\x00", 1, "ends inside a length"),
        (encode_strings(WORDS), 2, "the data holds more"),
        (encode_strings(WORDS), 4, "the data holds 3"),
        (b"", 10**30, "the data holds 0"),
    ],
)
def test_lengths_that_lie_are_a_sentence(raw: bytes, count: int, part: str) -> None:
    with pytest.raises(ServingError, match=part) as raised:
        decode_strings(raw, count)
    assert raised.value.fault is Fault.MALFORMED


@pytest.mark.parametrize(("shape", "rows"), [([3], 3), ([3, 1], 3), ([0], 0), ([2048], 2048)])
def test_a_column_of_texts_is_wanted(shape: list[int], rows: int) -> None:
    assert checked_rows(shape, Limits()) == rows


@pytest.mark.parametrize("rows", [2049, 10**30])
def test_more_rows_than_a_request_may_have_are_refused_before_they_are_read(rows: int) -> None:
    with pytest.raises(ServingError) as raised:
        checked_rows([rows], Limits())
    assert raised.value.fault is Fault.TOO_LARGE


@pytest.mark.parametrize("shape", [[], [-1], [2, 2], [1, 1, 1], [True], ["2"], [2.0], [None], [1] * 99])
def test_any_other_shape_is_refused(shape: list[object]) -> None:
    with pytest.raises(ServingError):
        checked_rows(shape, Limits())


def test_numbers_become_little_endian_float32() -> None:
    tensor = Tensor("score", "FP32", (1, 2), np.array([[1.0, -2.0]], dtype=np.float32))
    assert tensor.to_bytes() == b"\x00\x00\x80\x3f\x00\x00\x00\xc0"
    assert tensor.to_list() == [1.0, -2.0]
