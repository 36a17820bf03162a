"""OpenAI-style embedding requests and answers.

Source: the public reference of OpenAI's `POST /v1/embeddings`.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from apps.serving.errors import ServingError, malformed, too_large
from apps.serving.limits import Limits, check_count, checked_texts
from apps.serving.protocol.tensors import is_count
from apps.ui.sentences import said
from modelcore.errors import InputError
from modelcore.serving import Text

FORMATS = ("float", "base64")
Enclose = Callable[[Sequence[int]], tuple[int, ...]]


@dataclass(frozen=True)
class EmbeddingsRequest:
    """`given` holds strings or lists of token ids; only the model's tokeniser can judge the latter."""

    model: str
    version: str | None
    given: tuple[str, ...] | tuple[tuple[int, ...], ...]
    encoding_format: str
    dimensions: int | None

    def texts(self, enclose: Enclose, limits: Limits) -> tuple[Text, ...]:
        """
        Args:
            enclose: token ids → those that the model reads.

        Raises:
            ServingError: a text or a list of token ids that no model or not this one can read.
        """
        texts = [item for item in self.given if isinstance(item, str)]
        if texts:
            return checked_texts(texts, limits, param="input")
        try:
            return tuple(enclose(item) for item in self.given if not isinstance(item, str))
        except InputError as error:
            raise malformed(said(error.sentence), param="input") from None


def parse_embeddings_request(value: Mapping[str, Any], limits: Limits) -> EmbeddingsRequest:
    """Reads a request.

    Raises:
        ServingError: whatever is wrong with it, as a sentence with the field.
    """
    model = value.get("model")
    if not isinstance(model, str) or not model:
        raise malformed("`model` is not the name of a model. GET /v1/models lists them.", param="model")
    encoding_format = value.get("encoding_format")
    if encoding_format is None:
        encoding_format = FORMATS[0]
    if encoding_format not in FORMATS:
        raise malformed("`encoding_format` is neither `float` nor `base64`.", param="encoding_format")
    dimensions = value.get("dimensions")
    if dimensions is not None and (not is_count(dimensions) or dimensions < 1):
        raise malformed("`dimensions` is not a whole number from 1 up.", param="dimensions")
    user = value.get("user")
    if user is not None and not isinstance(user, str):
        raise malformed("`user` is not a string.", param="user")
    name, version = named_version(model)
    return EmbeddingsRequest(name, version, _given(value.get("input"), limits), encoding_format, dimensions)


def named_version(model: str) -> tuple[str, str | None]:
    """`family:version` → both; a family alone is its champion."""
    family, _, version = model.partition(":")
    return family, version or None


def _given(value: object, limits: Limits) -> tuple[str, ...] | tuple[tuple[int, ...], ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise _wrong_kind()
    if not value:
        raise malformed("`input` holds no text. Give at least one.", param="input")
    # Sizes before contents: what is too large isn't looked through.
    if is_count(value[0]):
        _check_tokens(len(value), limits)
    else:
        check_count(len(value), limits, param="input")
    if _is_tokens(value):
        return (tuple(value),)
    if all(isinstance(item, str) for item in value):
        return tuple(value)
    if all(isinstance(item, list) for item in value):
        _check_tokens(sum(map(len, value)), limits)
        if all(map(_is_tokens, value)):
            return tuple(map(tuple, value))
    raise _wrong_kind()


def _wrong_kind() -> ServingError:
    return malformed(
        "`input` is neither a text, a list of texts, nor one or several lists of token ids from 0 up.",
        param="input",
    )


def _is_tokens(value: list[Any]) -> bool:
    return bool(value) and all(is_count(item) for item in value)


def _check_tokens(count: int, limits: Limits) -> None:
    if count > limits.tokens:
        raise too_large(f"`input` holds {count} tokens; one request may hold {limits.tokens}.", param="input")


def shortened(vectors: npt.NDArray[np.float32], dimensions: int | None) -> npt.NDArray[np.float32]:
    """The first `dimensions` of each row, brought back to length 1.

    Args:
        vectors: (n, D) float32.
        dimensions: 1 to D; None keeps all.

    Raises:
        ServingError: more than D.
    """
    if dimensions is None or dimensions == vectors.shape[1]:
        return vectors
    if dimensions > vectors.shape[1]:
        raise malformed(
            f"`dimensions` is {dimensions}; this model has {vectors.shape[1]}.", param="dimensions"
        )
    cut = vectors[:, :dimensions]
    norms = np.linalg.norm(cut, axis=1, keepdims=True)
    return np.asarray(cut / np.maximum(norms, np.finfo(np.float32).tiny), dtype=np.float32)


def render_embeddings(
    *, model: str, vectors: npt.NDArray[np.float32], encoding_format: str, tokens: int
) -> bytes:
    rows = np.ascontiguousarray(vectors, dtype="<f4")
    # Each by itself: while `json` writes, no other thread gets its turn.
    data = [
        json.dumps({"object": "embedding", "index": index, "embedding": _encoded(row, encoding_format)})
        for index, row in enumerate(rows)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    rest = json.dumps({"object": "list", "model": model, "usage": usage})
    return f'{rest[:-1]}, "data": [{", ".join(data)}]}}'.encode()


def _encoded(row: npt.NDArray[np.float32], encoding_format: str) -> str | list[float]:
    if encoding_format == "base64":
        return base64.b64encode(row.tobytes()).decode()
    numbers: list[float] = row.tolist()
    return numbers
