"""A vector for a text: the mean of its token states on the unit sphere."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import normalize

from modelcore.tasks.encoder import hidden_states, mean_pool


class Embedder(nn.Module):
    """An encoder whose mean state, normalised, is the text's embedding."""

    task = "embedding"

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Embed texts.

        Args:
            input_ids: (n, T) int64 word-piece numbers.
            attention_mask: (n, T) int64, 1 for a real token.
        Returns:
            (n, D) float, each row of length 1.
        """
        states = hidden_states(self.encoder, input_ids, attention_mask)
        return normalize(mean_pool(states, attention_mask), dim=-1)
