"""A BIO tag for every token: a linear layer over each state."""

from __future__ import annotations

from torch import Tensor, nn

from modelcore.tasks.encoder import hidden_states, new_head


class Tagger(nn.Module):
    """An encoder with a linear head over each token state."""

    task = "tagging"

    def __init__(self, encoder: nn.Module, labels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = new_head(encoder, labels)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Score every tag of every token.

        Args:
            input_ids: (n, T) int64 word-piece numbers.
            attention_mask: (n, T) int64, 1 for a real token.
        Returns:
            (n, T, L) float logits over `bio_tags`.
        """
        logits: Tensor = self.head(hidden_states(self.encoder, input_ids, attention_mask))
        return logits
