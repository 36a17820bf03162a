"""One label for a text: mean-pooled states and a linear layer."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from torch import Tensor, nn

from modelcore.tasks.encoder import hidden_states, mean_pool, new_head


class Classifier(nn.Module):
    """An encoder with a linear head over the mean of its token states."""

    task = "classification"

    def __init__(self, encoder: nn.Module, labels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = new_head(encoder, labels)

    def pooled(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(n, T) token ids and mask to (n, D) mean states, not normalised."""
        return mean_pool(hidden_states(self.encoder, input_ids, attention_mask), attention_mask)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Score every label.

        Args:
            input_ids: (n, T) int64 word-piece numbers.
            attention_mask: (n, T) int64, 1 for a real token.
        Returns:
            (n, L) float logits, before the temperature.
        """
        logits: Tensor = self.head(self.pooled(input_ids, attention_mask))
        return logits


def load_model(artifact_dir: Path) -> Classifier:
    """The classifier of an artifact, in eval mode."""
    from modelcore.tasks.weights import read_weights

    return cast(Classifier, read_weights(artifact_dir, task=Classifier.task))
