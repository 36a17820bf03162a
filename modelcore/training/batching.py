"""Texts to batches of word pieces with next to no padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset, Sampler

IGNORED = -100
WINDOW_BATCHES = 32


@dataclass(frozen=True)
class Tokenised:
    """Word-piece numbers of texts; `offsets` are (start, end) characters, (0, 0) for added pieces."""

    ids: list[list[int]]
    offsets: list[list[tuple[int, int]]]


def tokenise(texts: Sequence[str], tokenizer_json: bytes, *, max_tokens: int) -> Tokenised:
    """Cut texts into word pieces.

    Args:
        texts: any number.
        tokenizer_json: the content of a `tokenizer.json`.
        max_tokens: the most pieces of a text, with the two that frame it.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(tokenizer_json)
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    encoded = tokenizer.encode_batch(list(texts))
    return Tokenised([item.ids for item in encoded], [item.offsets for item in encoded])


class Examples(Dataset[dict[str, Any]]):
    """Tokenised texts with a target each: a number, or a list of numbers for each token."""

    def __init__(self, tokens: Sequence[Sequence[int]], targets: Sequence[Any]) -> None:
        self.tokens = tokens
        self.targets = targets

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return {"input_ids": self.tokens[index], "labels": self.targets[index]}

    def sampler(self, batch_size: int, seed: int) -> Sampler[int]:
        return LengthSampler([len(ids) for ids in self.tokens], batch_size, seed)

    def collate(self, examples: Sequence[dict[str, Any]]) -> dict[str, Tensor]:
        """Pad to the longest text of the batch; targets of tokens are padded with IGNORED."""
        input_ids, attention_mask = pad([example["input_ids"] for example in examples])
        targets = [example["labels"] for example in examples]
        if isinstance(targets[0], list):
            padded = np.full(tuple(input_ids.shape), IGNORED, dtype=np.int64)
            for row, target in enumerate(targets):
                padded[row, : len(target)] = target
            labels = torch.from_numpy(padded)
        else:
            labels = torch.tensor(targets)
        return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}


def pad(tokens: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """(n, T) int64 ids, zero where there is nothing, and the (n, T) int64 mask."""
    longest = max(len(ids) for ids in tokens)
    padded = np.zeros((len(tokens), longest), dtype=np.int64)
    mask = np.zeros_like(padded)
    for row, ids in enumerate(tokens):
        padded[row, : len(ids)] = ids
        mask[row, : len(ids)] = 1
    return torch.from_numpy(padded), torch.from_numpy(mask)


class LengthSampler(Sampler[int]):
    """Indices such that each consecutive `batch_size` of them are about as long as one another.

    The order is a pure function of the seed and the epoch, so a resumed run sees the same batches. Texts are
    shuffled, sorted inside windows of WINDOW_BATCHES batches, and the batches are shuffled again.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int) -> None:
        self.lengths = np.asarray(lengths)
        self.batch_size = batch_size
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[int]:
        random = np.random.default_rng((self.seed, self.epoch))
        order = random.permutation(len(self.lengths))
        window = self.batch_size * WINDOW_BATCHES
        batches: list[np.ndarray[Any, Any]] = []
        for start in range(0, len(order), window):
            chunk = order[start : start + window]
            chunk = chunk[np.argsort(self.lengths[chunk], kind="stable")]
            batches += [chunk[at : at + self.batch_size] for at in range(0, len(chunk), self.batch_size)]
        whole = [batch for batch in batches if len(batch) == self.batch_size]
        # A short batch anywhere but at the end would shift the borders of all batches behind it.
        rest = [batch for batch in batches if len(batch) < self.batch_size]
        random.shuffle(whole)
        return (int(index) for batch in [*whole, *rest] for index in batch)


def by_length(lengths: Sequence[int], batch_size: int) -> Iterator[list[int]]:
    """Batches of indices, longest texts first: the order in which inference wastes least."""
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]
