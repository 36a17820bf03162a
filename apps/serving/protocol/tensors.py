"""Tensors as the Open Inference Protocol writes them: as JSON, and as bytes."""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from apps.serving.errors import malformed
from apps.serving.limits import Limits, check_count

# What the one input of every model is called.
INPUT = "text"
LENGTH = struct.Struct("<I")
MAX_RANK = 8


@dataclass(frozen=True)
class TensorSpec:
    """One input or output of a model; a dimension of -1 is as long as the request."""

    name: str
    datatype: str
    shape: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "datatype": self.datatype, "shape": list(self.shape)}


@dataclass(frozen=True)
class Tensor:
    """An output: `values` are strings for BYTES and float32 for FP32, in row-major order."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    values: Sequence[str] | npt.NDArray[np.float32]

    def to_list(self) -> list[Any]:
        values = self.values
        return values.ravel().tolist() if isinstance(values, np.ndarray) else list(values)

    def to_bytes(self) -> bytes:
        values = self.values
        if isinstance(values, np.ndarray):
            return np.ascontiguousarray(values, dtype="<f4").tobytes()
        return encode_strings([value.encode() for value in values])


def encode_strings(values: Sequence[bytes]) -> bytes:
    """BYTES elements one after another, each behind its length as 4 little-endian bytes."""
    return b"".join(part for value in values for part in (LENGTH.pack(len(value)), value))


def decode_strings(raw: bytes, count: int) -> list[bytes]:
    """The opposite of `encode_strings`.

    Raises:
        ServingError: the lengths inside don't add up to exactly `count` elements.
    """
    values: list[bytes] = []
    position = 0
    while position < len(raw):
        if len(values) == count:
            raise malformed(
                f"`{INPUT}`: the shape asks for {count} elements, the data holds more.", param=INPUT
            )
        if position + LENGTH.size > len(raw):
            raise malformed(
                f"`{INPUT}`: the binary data ends inside a length, at byte {position}.", param=INPUT
            )
        (length,) = LENGTH.unpack_from(raw, position)
        position += LENGTH.size
        if position + length > len(raw):
            raise malformed(
                f"`{INPUT}`: element {len(values)} says {length} bytes; {len(raw) - position} are left.",
                param=INPUT,
            )
        values.append(raw[position : position + length])
        position += length
    check_elements(count, len(values))
    return values


def check_elements(wanted: int, held: int) -> None:
    """Raises ServingError where the data holds more or fewer elements than the shape says."""
    if held != wanted:
        raise malformed(
            f"`{INPUT}`: the shape asks for {wanted} elements, the data holds {held}.", param=INPUT
        )


def is_count(value: object) -> bool:
    """True of a JSON integer that can count something; `true` is an int in Python, but not here."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def checked_rows(shape: Sequence[object], limits: Limits) -> int:
    """How many texts an input of this shape holds.

    Args:
        shape: as the client gave it; [n] and [n, 1] are meant.

    Raises:
        ServingError: anything else, or more than one request may hold.
    """
    if not 1 <= len(shape) <= MAX_RANK or not all(is_count(size) for size in shape):
        raise malformed(f"`{INPUT}`: a shape is a list of whole numbers from 0 up, such as [2].", param=INPUT)
    sizes = [size for size in shape if isinstance(size, int)]
    if math.prod(sizes[1:]) != 1 or len(sizes) > 2:
        raise malformed(f"`{INPUT}` has the shape {sizes}; [n] or [n, 1] is wanted.", param=INPUT)
    check_count(sizes[0], limits, param=INPUT)
    return sizes[0]
