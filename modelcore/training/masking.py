"""Masked language modelling over an encoder: the tied head, the masks, and the pseudo-perplexity."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, gelu
from torch.utils.data import Sampler

from modelcore.tasks.encoder import hidden_states
from modelcore.training.batching import IGNORED, Examples, LengthSampler, by_length, pad

MASKED_SHARE = 0.15
BATCH_SIZE = 64


class MaskedModel(nn.Module):
    """An encoder that guesses masked word pieces with its own word embeddings as output weights."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        # Narrower than the states in encoders such as ALBERT and ELECTRA.
        pieces, width = encoder.get_input_embeddings().weight.shape
        self.encoder = encoder
        self.transform = nn.Linear(int(encoder.config.hidden_size), width)
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(pieces))
        nn.init.eye_(self.transform.weight)
        nn.init.zeros_(self.transform.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(n, T) ids and mask to (n, T, E) states that are ready for `scores`; E is the embeddings' width."""
        states = hidden_states(self.encoder, input_ids, attention_mask)
        ready: Tensor = self.norm(gelu(self.transform(states)))
        return ready

    def scores(self, states: Tensor) -> Tensor:
        """(m, E) states of masked pieces to (m, V) logits; only masked pieces pay for the vocabulary."""
        words: Tensor = self.encoder.get_input_embeddings().weight
        return states @ words.T.to(states.dtype) + self.bias

    def loss(self, states: Tensor, targets: Tensor) -> Tensor:
        """Cross-entropy of (n, T, E) states where (n, T) targets are not IGNORED."""
        chosen = targets != IGNORED
        return cross_entropy(self.scores(states[chosen]).float(), targets[chosen])


class Masked(Examples):
    """Texts whose word pieces are masked anew in each epoch.

    The masks are a pure function of the seed, the epoch and the text's place, so a resumed run sees the same.
    """

    def __init__(
        self, tokens: Sequence[Sequence[int]], *, mask: int, vocabulary: int, special: set[int], seed: int
    ) -> None:
        super().__init__(tokens, [0] * len(tokens))
        self.mask, self.vocabulary, self.special = mask, vocabulary, special
        self.seed = seed

    def sampler(self, batch_size: int, seed: int) -> Sampler[int]:
        return EpochSampler([len(ids) for ids in self.tokens], batch_size, seed)

    def __getitem__(self, index: int) -> dict[str, Any]:
        """`index` counts on from epoch to epoch."""
        epoch, place = divmod(index, len(self))
        random = np.random.default_rng((self.seed, epoch, place))
        ids = np.asarray(self.tokens[place])
        masked, targets = mask_pieces(ids, self.mask, self.vocabulary, self.special, random)
        return {"input_ids": masked.tolist(), "labels": targets.tolist()}


class EpochSampler(LengthSampler):
    """The same order, in indices that count on from epoch to epoch."""

    def __iter__(self) -> Iterator[int]:
        begin = self.epoch * len(self)
        return (begin + index for index in super().__iter__())


def mask_pieces(
    ids: np.ndarray[Any, np.dtype[np.int64]],
    mask: int,
    vocabulary: int,
    special: set[int],
    random: np.random.Generator,
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Hide a share of a text's pieces: of ten, eight become the mask, one a random piece, one stays.

    Args:
        ids: (T,) int64.
        mask: number of the mask piece.
        vocabulary: how many pieces there are.
        special: numbers that are never hidden.
    Returns:
        (T,) what the model reads and (T,) what it should guess, IGNORED where nothing is hidden.
    Source: Devlin et al., BERT, 2019, section 3.1.
    """
    open_places = np.flatnonzero(~np.isin(ids, list(special)))
    count = max(1, round(MASKED_SHARE * len(open_places))) if len(open_places) else 0
    chosen = random.permutation(open_places)[:count]
    targets = np.full_like(ids, IGNORED)
    targets[chosen] = ids[chosen]
    read = ids.copy()
    draw = random.random(count)
    read[chosen[draw < 0.8]] = mask
    swapped = chosen[(draw >= 0.8) & (draw < 0.9)]
    read[swapped] = (random.random(len(swapped)) * vocabulary).astype(np.int64)
    return read, targets


def pseudo_perplexity(
    model: MaskedModel, tokens: Sequence[Sequence[int]], *, mask: int, special: set[int]
) -> float:
    """How many pieces a masked one could as well have been, on average.

    Args:
        model: put into eval mode.
        tokens: texts that it has not learned from; each open piece is masked once, alone.
        mask: number of the mask piece.
        special: numbers that are never masked.
    Returns:
        exp of the mean negative log-likelihood, ≥ 1.
    Source: Salazar et al., Masked Language Model Scoring, 2020, equation 3.
    """
    model.eval()
    asked = [(ids, place) for ids in tokens for place, piece in enumerate(ids) if piece not in special]
    total = 0.0
    with torch.inference_mode():
        for batch in by_length([len(ids) for ids, _ in asked], BATCH_SIZE):
            rows = torch.arange(len(batch))
            places = torch.tensor([asked[index][1] for index in batch])
            input_ids, attention_mask = pad([asked[index][0] for index in batch])
            truth = input_ids[rows, places]
            input_ids[rows, places] = mask
            states = model(input_ids, attention_mask)[rows, places]
            total += float(cross_entropy(model.scores(states).float(), truth, reduction="sum"))
    return math.exp(total / max(1, len(asked)))
