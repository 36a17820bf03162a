"""Examples and losses that compare texts with one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.utils.data import Sampler

from modelcore.training.batching import Examples, LengthSampler, pad
from modelcore.training.losses import Loss

RANKING_TEMPERATURE = 0.05  # of the cosine similarities


class Comparisons(Examples):
    """Labelled texts that come in twos of a label, so that each batch has texts that belong together."""

    def sampler(self, batch_size: int, seed: int) -> Sampler[int]:
        return TwosSampler([int(target) for target in self.targets], seed)


class Pairs(Examples):
    """(anchor, positive) token lists; pairs of the same number are no rivals."""

    def __init__(self, pairs: Sequence[tuple[list[int], list[int]]], numbers: Sequence[int]) -> None:
        super().__init__([anchor for anchor, _ in pairs], numbers)
        self.pairs = pairs

    def __getitem__(self, index: int) -> dict[str, Any]:
        return {"input_ids": self.pairs[index], "labels": self.targets[index]}

    def sampler(self, batch_size: int, seed: int) -> Sampler[int]:
        return LengthSampler([max(len(ids) for ids in pair) for pair in self.pairs], batch_size, seed)

    def collate(self, examples: Sequence[dict[str, Any]]) -> dict[str, Tensor]:
        """All anchors, then all positives, as one batch of 2n texts with n labels."""
        pairs = [example["input_ids"] for example in examples]
        input_ids, attention_mask = pad([pair[side] for side in (0, 1) for pair in pairs])
        labels = torch.tensor([example["labels"] for example in examples])
        return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}


class TwosSampler(Sampler[int]):
    """Indices two by two of one label; the order follows from the seed and the epoch alone."""

    def __init__(self, targets: Sequence[int], seed: int) -> None:
        self.seed, self.epoch = seed, 0
        self.count = len(targets)
        self.members: dict[int, list[int]] = defaultdict(list)
        for index, target in enumerate(targets):
            self.members[target].append(index)

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[int]:
        random = np.random.default_rng((self.seed, self.epoch))
        twos: list[list[int]] = []
        for target in sorted(self.members):
            order = random.permutation(self.members[target]).tolist()
            twos += [order[at : at + 2] for at in range(0, len(order), 2)]
        return iter([index for place in random.permutation(len(twos)) for index in twos[place]])


def same_label_loss(*, temperature: float) -> Loss:
    """Pull texts of one label together and push the others apart.

    Args:
        temperature: of the cosine similarities, above 0; smaller looks harder at the nearest wrong texts.
    Returns:
        A function of unit embeddings (n, D) and label numbers (n,); texts alone in their label push only.
    Source: Khosla et al., Supervised Contrastive Learning, 2020, equation 2.
    """

    def loss(embeddings: Tensor, labels: Tensor) -> Tensor:
        scores = embeddings @ embeddings.T / temperature
        itself = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
        log_share = scores.masked_fill(itself, float("-inf")).log_softmax(dim=1).masked_fill(itself, 0.0)
        positive = (labels[:, None] == labels[None, :]) & ~itself
        counts = positive.sum(dim=1)
        means = (log_share * positive).sum(dim=1) / counts.clamp(min=1)
        return -means.sum() / (counts > 0).sum().clamp(min=1)

    return loss


def ranking_loss() -> Loss:
    """Each anchor finds its positive among the batch's, and the other way round.

    Returns:
        A function of unit embeddings (2n, D), anchors first, and pair numbers (n,); equal numbers are no
        rivals.
    Source: Henderson et al., Efficient Natural Language Response Suggestion, 2017, section 4.3.
    """

    def loss(embeddings: Tensor, labels: Tensor) -> Tensor:
        anchors, positives = embeddings.chunk(2)
        scores = anchors @ positives.T / RANKING_TEMPERATURE
        itself = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
        same = (labels[:, None] == labels[None, :]) & ~itself
        scores = scores.masked_fill(same, float("-inf"))
        own = torch.arange(len(labels), device=labels.device)
        return (cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2

    return loss
