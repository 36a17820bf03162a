"""A client of the Open Inference Protocol V2 over HTTP, with the binary-data extension.

Source: the KServe V2 predict protocol and Triton's extension_binary_data document.
"""

import http.client
import json
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from modelcore.errors import InputError, ModelcoreError
from modelcore.sentence import Sentence

KINDS: dict[str, str] = {
    "BOOL": "?", "INT8": "<i1", "INT16": "<i2", "INT32": "<i4", "INT64": "<i8",
    "UINT8": "<u1", "UINT16": "<u2", "UINT32": "<u4", "UINT64": "<u8",
    "FP16": "<f2", "FP32": "<f4", "FP64": "<f8",
}  # fmt: skip
HEADER = "Inference-Header-Content-Length"
MOST_BYTES = 256 * 2**20
# Errors of a connection that the server closed while it was idle: worth one attempt on a new one.
STALE = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError)


class RemoteFailed(ModelcoreError):
    """The other server didn't answer as it should; `status` is its HTTP status, 0 where there was none."""

    def __init__(self, template: str, /, *, status: int = 0, **values: Any) -> None:
        super().__init__(template, status=status, **values)
        self.status = status


@dataclass(frozen=True)
class Tensor:
    """A named array; for BYTES an object array of bytes."""

    name: str
    datatype: str
    values: npt.NDArray[Any]


class V2Client:
    """
    Args:
        url: of a model, `http://host:port/v2/models/NAME[/versions/N]`.
        timeout_seconds: for connecting and for every wait on the socket.
        binary: tensors as raw bytes behind the JSON, else inside it.
    """

    def __init__(self, url: str, *, timeout_seconds: float = 10.0, binary: bool = True) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "/v2/models/" not in parts.path:
            raise InputError(
                '"{url}" is not the URL of a model: give http://host:port/v2/models/NAME.', url=url
            )
        self.url = url
        self._parts, self._timeout_seconds, self._binary = parts, timeout_seconds, binary
        self._connections = threading.local()

    def infer(self, inputs: Sequence[Tensor]) -> dict[str, npt.NDArray[Any]]:
        """Ask for all outputs of the model.

        Args:
            inputs: in the order of the model.
        Returns:
            Name to array; BYTES as an object array of bytes.
        Raises:
            RemoteFailed: not reachable, too slow, refused, or no V2 answer.
        """
        body, length = encode_request(inputs, binary=self._binary)
        headers = {"Content-Type": "application/json"}
        if length is not None:
            headers = {"Content-Type": "application/octet-stream", HEADER: str(length)}
        status, answer, header_length = self._send(body, headers)
        if status != http.client.OK:
            raise RemoteFailed(
                "{url} refused with {status}: {reason}",
                url=self.url,
                status=status,
                reason=_reason(answer),
            )
        try:
            return decode_response(answer, header_length)
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise RemoteFailed(
                "{url} gave no answer in V2: is it an inference server?", url=self.url
            ) from error

    def close(self) -> None:
        connection = getattr(self._connections, "own", None)
        if connection is not None:
            connection.close()

    def _send(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, int | None]:
        try:
            try:
                return self._exchange(body, headers)
            except STALE:
                self.close()
                return self._exchange(body, headers)
        except TimeoutError as error:
            self.close()
            raise RemoteFailed(
                "{url} gave no answer in {seconds:g} s: try again.",
                url=self.url,
                seconds=self._timeout_seconds,
            ) from error
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise RemoteFailed(
                "{url} can't be reached ({error}): check that it runs.", url=self.url, error=error
            ) from error

    def _exchange(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, int | None]:
        connection = self._connection()
        connection.request("POST", self._parts.path.rstrip("/") + "/infer", body, headers)
        response = connection.getresponse()
        content = response.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            self.close()
            raise RemoteFailed(
                "{url} answered with more than {limit} bytes: send fewer texts.",
                url=self.url,
                limit=MOST_BYTES,
            )
        length = response.getheader(HEADER)
        return response.status, content, int(length) if length and length.isdigit() else None

    def _connection(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._connections, "own", None)
        if connection is None:
            secure = self._parts.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            connection = kind(str(self._parts.hostname), self._parts.port, timeout=self._timeout_seconds)
            self._connections.own = connection
        return connection


def encode_request(inputs: Sequence[Tensor], *, binary: bool) -> tuple[bytes, int | None]:
    """The body of an inference request and, for a binary one, the length of its JSON part."""
    described, blobs = [], []
    for tensor in inputs:
        one: dict[str, Any] = {
            "name": tensor.name,
            "datatype": tensor.datatype,
            "shape": list(tensor.values.shape),
        }
        if binary:
            blobs.append(_raw(tensor))
            one["parameters"] = {"binary_data_size": len(blobs[-1])}
        elif tensor.datatype == "BYTES":
            one["data"] = [value.decode() for value in tensor.values.ravel()]
        else:
            one["data"] = tensor.values.ravel().tolist()
        described.append(one)
    request: dict[str, Any] = {"inputs": described, "parameters": {"binary_data_output": binary}}
    head = json.dumps(request).encode()
    return head + b"".join(blobs), len(head) if binary else None


def decode_response(body: bytes, header_length: int | None) -> dict[str, npt.NDArray[Any]]:
    """Read the outputs of an inference response.

    Args:
        body: the JSON part, then the raw tensors of a binary response.
        header_length: bytes of the JSON part; None if there is nothing else.

    Returns:
        Name to array; BYTES as an object array of bytes.

    Raises:
        ValueError, KeyError, TypeError, struct.error: it is no V2 response, or shorter than it says.
    """
    head = body if header_length is None else body[:header_length]
    position = len(head)
    found = {}
    for output in json.loads(head)["outputs"]:
        shape = tuple(int(size) for size in output["shape"])
        size = output.get("parameters", {}).get("binary_data_size")
        if size is None:
            values = _from_json(output["datatype"], output["data"])
        else:
            raw = body[position : position + int(size)]
            if len(raw) != int(size):
                raise ValueError("the body is shorter than it says")
            position += int(size)
            values = _from_raw(output["datatype"], raw)
        found[str(output["name"])] = values.reshape(shape)
    return found


def _raw(tensor: Tensor) -> bytes:
    if tensor.datatype == "BYTES":
        return b"".join(struct.pack("<I", len(value)) + value for value in tensor.values.ravel())
    return np.ascontiguousarray(tensor.values, dtype=KINDS[tensor.datatype]).tobytes()


def _from_json(datatype: str, data: Any) -> npt.NDArray[Any]:
    if datatype == "BYTES":
        return np.array([str(value).encode() for value in data], dtype=object)
    return np.asarray(data, dtype=KINDS[datatype])


def _from_raw(datatype: str, raw: bytes) -> npt.NDArray[Any]:
    if datatype != "BYTES":
        return np.frombuffer(raw, dtype=KINDS[datatype])
    values, position = [], 0
    while position < len(raw):
        (length,) = struct.unpack_from("<I", raw, position)
        position += 4
        if position + length > len(raw):
            raise ValueError("a string is longer than the tensor")
        values.append(raw[position : position + length])
        position += length
    return np.array(values, dtype=object)


def _reason(answer: bytes) -> Sentence:
    try:
        error = json.loads(answer)["error"]
    except (ValueError, KeyError, TypeError):
        return Sentence("no reason given")
    # Triton says {"error": "…"}, others {"error": {"message": "…"}}.
    reason = error.get("message", error) if isinstance(error, dict) else error
    return Sentence.of(str(reason)[:300])
