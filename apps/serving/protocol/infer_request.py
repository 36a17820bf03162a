"""A V2 inference request over HTTP: JSON, or JSON followed by the tensors' bytes.

Source: the Open Inference Protocol and Triton's binary tensor data extension, as public specifications.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from apps.accounts.whole_numbers import whole_number
from apps.serving.errors import malformed
from apps.serving.limits import Limits, checked_texts
from apps.serving.protocol.tensors import INPUT, check_elements, checked_rows, decode_strings, is_count

# No model has more than three outputs.
MOST_WISHES = 32
REFUSED_PARAMETERS = ("shared_memory_region", "classification")


@dataclass(frozen=True)
class Wish:
    """An output that the client named. `binary` is None where it leaves that to the request."""

    name: str
    binary: bool | None


@dataclass(frozen=True)
class InferRequest:
    """`wishes` empty means every output that the model has."""

    request_id: str | None
    texts: tuple[str, ...]
    wishes: tuple[Wish, ...]
    binary: bool

    def is_binary(self, output: str) -> bool:
        for wish in self.wishes:
            if wish.name == output and wish.binary is not None:
                return wish.binary
        return self.binary


def parse_json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body.

    Raises:
        ServingError: not UTF-8, not JSON, not an object, NaN or infinity, or nested too deeply.
    """
    try:
        # Editors of some systems begin a file with a mark of its order of bytes.
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise malformed("The body is not UTF-8.") from None
    except RecursionError:
        raise malformed("The body is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise malformed(f"The body is not JSON: {error}") from None
    except ValueError:
        raise malformed("The body holds a number of thousands of digits.") from None
    if not isinstance(value, dict):
        raise malformed("The body is not a JSON object.")
    return value


def _refuse_constant(constant: str) -> NoReturn:
    raise malformed(f"The body is not JSON: {constant} is not a JSON number")


def parse_infer_request(body: bytes, header_length: str | None, limits: Limits) -> InferRequest:
    """Reads a request.

    Args:
        body: unpacked.
        header_length: the `Inference-Header-Content-Length` header; None where the body is all JSON.

    Raises:
        ServingError: whatever is wrong with it, as a sentence with the field.
    """
    header, blobs = _parts(body, header_length)
    value = parse_json_object(header)
    request_id = value.get("id")
    if request_id is not None and not isinstance(request_id, str):
        raise malformed("`id` is not a string.", param="id")
    parameters = checked_parameters(value, "the request")
    given = _the_text_input(value.get("inputs"))
    texts = checked_texts(_elements(given, blobs, limits), limits, param=INPUT)
    binary = _flag(parameters, "binary_data_output") or False
    return InferRequest(request_id, texts, _wishes(value.get("outputs")), binary)


def _parts(body: bytes, header_length: str | None) -> tuple[bytes, bytes]:
    if header_length is None:
        return body, b""
    size = whole_number(header_length)
    if size is None:
        raise malformed("Inference-Header-Content-Length is not a whole number.")
    if size > len(body):
        raise malformed(f"Inference-Header-Content-Length is {size}; the body has {len(body)} bytes.")
    return body[:size], body[size:]


def checked_parameters(owner: Mapping[str, Any], whose: str) -> dict[str, Any]:
    parameters = owner.get("parameters")
    if parameters is None:
        return {}
    if not isinstance(parameters, dict):
        raise malformed(f"`parameters` of {whose} is not an object.", param="parameters")
    for name in REFUSED_PARAMETERS:
        if parameters.get(name):
            raise malformed(f"The parameter `{name}` of {whose} is not offered here.", param="parameters")
    return parameters


def _flag(parameters: Mapping[str, Any], name: str) -> bool | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, bool):
        raise malformed(f"The parameter `{name}` is neither true nor false.", param="parameters")
    return value


def _the_text_input(inputs: object) -> dict[str, Any]:
    if not isinstance(inputs, list) or not all(isinstance(item, dict) for item in inputs[:1]):
        raise malformed("`inputs` is not a list of objects.", param="inputs")
    given: dict[str, Any] = inputs[0] if inputs else {}
    check_input(len(inputs), given.get("name"), given.get("datatype"))
    return given


def check_input(count: int, name: object, datatype: object) -> None:
    """Raises ServingError where there are several, or the first is not what the one input of models is."""
    if count != 1 or name != INPUT:
        raise malformed(f"Give exactly one input, with the name `{INPUT}`.", param="inputs")
    if datatype != "BYTES":
        raise malformed(f"The datatype of `{INPUT}` is BYTES.", param=INPUT)


def _elements(given: Mapping[str, Any], blobs: bytes, limits: Limits) -> Sequence[str | bytes]:
    shape = given.get("shape")
    if not isinstance(shape, list):
        raise malformed(f"`{INPUT}` has no shape. Give the number of texts, such as [2].", param=INPUT)
    rows = checked_rows(shape, limits)
    size = checked_parameters(given, f"`{INPUT}`").get("binary_data_size")
    if size is None:
        if blobs:
            raise malformed(f"{len(blobs)} bytes follow the JSON and no input says that they are its own.")
        return _from_json(given.get("data"), rows)
    if "data" in given:
        raise malformed(f"`{INPUT}` has both `data` and `binary_data_size`. Give one.", param=INPUT)
    if not is_count(size) or size != len(blobs):
        raise malformed(
            f"`binary_data_size` of `{INPUT}` isn't the {len(blobs)} bytes after the JSON.", param=INPUT
        )
    return decode_strings(blobs, rows)


def _from_json(data: object, rows: int) -> list[str]:
    if not isinstance(data, list):
        raise malformed(f"The `data` of `{INPUT}` is not a list.", param=INPUT)
    check_elements(rows, len(data))
    # Nested as the shape [n, 1] has it, or flat: the protocol allows both.
    flat = [item[0] if isinstance(item, list) and len(item) == 1 else item for item in data]
    for index, item in enumerate(flat):
        if not isinstance(item, str):
            raise malformed(f"`{INPUT}`[{index}] is not a string.", param=INPUT)
    return flat


def check_wishes(count: int) -> None:
    """
    Raises:
        ServingError: more than any model has outputs.
    """
    if count > MOST_WISHES:
        raise malformed(
            f"`outputs` names {count} outputs; one request may name {MOST_WISHES}.", param="outputs"
        )


def _wishes(outputs: object) -> tuple[Wish, ...]:
    if outputs is None:
        return ()
    if not isinstance(outputs, list):
        raise malformed("`outputs` is not a list of objects.", param="outputs")
    check_wishes(len(outputs))
    if not all(isinstance(item, dict) for item in outputs):
        raise malformed("`outputs` is not a list of objects.", param="outputs")
    return tuple(_wish(item) for item in outputs)


def _wish(item: Mapping[str, Any]) -> Wish:
    name = item.get("name")
    if not isinstance(name, str):
        raise malformed("An output has no name.", param="outputs")
    return Wish(name, _flag(checked_parameters(item, f"the output {name[:80]!r}"), "binary_data"))
