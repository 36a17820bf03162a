"""Texts to token ids with the artifact's own tokenizer.json, in batches of similar length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from modelcore.errors import InputError

Ids = npt.NDArray[np.int64]
# Padded tokens of one call into a runtime: more doesn't get faster on a few cores, it only waits longer.
MOST_TOKENS = 2048
MOST_TEXTS = 64


@dataclass(frozen=True)
class Tokens:
    """One text's token ids and, where asked for, the characters (start, end) that each covers."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Batch:
    """Token ids and mask (n, T) of the texts at `positions`, padded on the right."""

    positions: tuple[int, ...]
    input_ids: Ids
    attention_mask: Ids


class Tokeniser:
    """
    Args:
        path: a tokenizer.json.
        max_tokens: longer texts are cut to so many tokens, the special ones included.
    """

    def __init__(self, path: Path, max_tokens: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)

    def encode(self, texts: Sequence[str], *, offsets: bool = False) -> list[Tokens]:
        """
        Raises:
            InputError: a text isn't valid Unicode.
        """
        try:
            if offsets:
                found = self._tokenizer.encode_batch(list(texts))
                return [Tokens(tuple(one.ids), tuple(one.offsets)) for one in found]
            return [Tokens(tuple(one.ids)) for one in self._tokenizer.encode_batch_fast(list(texts))]
        except (TypeError, UnicodeEncodeError) as error:
            raise InputError(
                "A text is not a string of valid Unicode: decode it as UTF-8 and send it again."
            ) from error

    def decode(self, ids: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))


def batches(tokens: Sequence[Tokens]) -> Iterator[Batch]:
    """Texts of similar length together, so that little is padded; longest first: memory peaks at once."""
    order = sorted(range(len(tokens)), key=lambda position: -len(tokens[position].ids))
    start = 0
    while start < len(order):
        longest = max(1, len(tokens[order[start]].ids))
        size = max(1, min(MOST_TEXTS, MOST_TOKENS // longest))
        chosen = order[start : start + size]
        yield pad([tokens[position] for position in chosen], positions=tuple(chosen))
        start += size


def pad(tokens: Sequence[Tokens], *, positions: tuple[int, ...]) -> Batch:
    length = max(1, *(len(one.ids) for one in tokens))
    input_ids = np.zeros((len(tokens), length), dtype=np.int64)
    attention_mask = np.zeros_like(input_ids)
    for row, one in enumerate(tokens):
        input_ids[row, : len(one.ids)] = one.ids
        attention_mask[row, : len(one.ids)] = 1
    return Batch(positions, input_ids, attention_mask)
