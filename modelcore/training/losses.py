"""What training minimises."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from modelcore.training.batching import IGNORED

Loss = Callable[[Tensor, Tensor], Tensor]


def label_loss(*, smoothing: float = 0.0, weights: Tensor | None = None) -> Loss:
    """Cross-entropy over the last axis.

    Args:
        smoothing: share of the target spread over all labels, in [0, 1).
        weights: (L,) float factor of each label, or None.
    Returns:
        A function of logits (…, L) and targets (…) int64 with IGNORED where there is none.
    """

    def loss(logits: Tensor, targets: Tensor) -> Tensor:
        factors = None if weights is None else weights.to(logits.device)
        return cross_entropy(
            logits.flatten(0, -2), targets.flatten(), factors, ignore_index=IGNORED, label_smoothing=smoothing
        )

    return loss


def inverse_share_weights(targets: Sequence[int], labels: int) -> Tensor:
    """(L,) factors n / (L · n_label): each label weighs as much as any other; 1 for an absent label.

    Source: King and Zeng, Logistic Regression in Rare Events Data, 2001, as scikit-learn's "balanced".
    """
    counts = torch.bincount(torch.tensor(targets), minlength=labels).float()
    return torch.where(counts > 0, len(targets) / (labels * counts.clamp(min=1)), torch.ones(labels))
