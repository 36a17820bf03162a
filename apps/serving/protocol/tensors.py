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


def decode_strings(raw: bytes, count: int, *, name: str) -> list[bytes]:
    """The opposite of `encode_strings`.

    Raises:
        ServingError: the lengths inside don't add up to exactly `count` elements.
    """
    values: list[bytes] = []
    position = 0
    while position < len(raw):
        if len(values) == count:
            raise malformed(
                f"`{name}`: the shape asks for {count} elements, the data holds more.", param=name
            )
        if position + LENGTH.size > len(raw):
            raise malformed(
                f"`{name}`: the binary data ends inside a length, at byte {position}.", param=name
            )
        (length,) = LENGTH.unpack_from(raw, position)
        position += LENGTH.size
        if position + length > len(raw):
            raise malformed(
                f"`{name}`: element {len(values)} says {length} bytes; {len(raw) - position} are left.",
                param=name,
            )
        values.append(raw[position : position + length])
        position += length
    if len(values) != count:
        raise malformed(
            f"`{name}`: the shape asks for {count} elements, the data holds {len(values)}.", param=name
        )
    return values


def is_count(value: object) -> bool:
    """True of a JSON integer that can count something; `true` is an int in Python, but not here."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def checked_rows(shape: Sequence[object], limits: Limits, *, name: str) -> int:
    """How many texts a `text` input of this shape holds.

    Args:
        shape: as the client gave it; [n] and [n, 1] are meant.

    Raises:
        ServingError: anything else, or more than one request may hold.
    """
    if not 1 <= len(shape) <= MAX_RANK or not all(is_count(size) for size in shape):
        raise malformed(f"`{name}`: a shape is a list of whole numbers from 0 up, such as [2].", param=name)
    sizes = [size for size in shape if isinstance(size, int)]
    if math.prod(sizes[1:]) != 1 or len(sizes) > 2:
        raise malformed(f"`{name}` has the shape {sizes}; [n] or [n, 1] is wanted.", param=name)
    check_count(sizes[0], limits, param=name)
    return sizes[0]
