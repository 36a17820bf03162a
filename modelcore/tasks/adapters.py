"""Small trained parts inside a frozen encoder: Houlsby bottlenecks and attention prefixes."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from modelcore.tasks.encoder import blocks


class Bottleneck(nn.Module):
    """A linear layer followed by a residual bottleneck that starts as the identity.

    Source: Houlsby et al., Parameter-Efficient Transfer Learning for NLP, 2019, section 2.1.
    """

    def __init__(self, dense: nn.Linear, size: int) -> None:
        super().__init__()
        self.dense = dense
        self.down = nn.Linear(dense.out_features, size)
        self.up = nn.Linear(size, dense.out_features)
        nn.init.normal_(self.down.weight, std=0.02)
        for zero in (self.down.bias, self.up.weight, self.up.bias):
            nn.init.zeros_(zero)

    def forward(self, states: Tensor) -> Tensor:
        states = self.dense(states)
        added: Tensor = self.up(gelu(self.down(states)))
        return states + added


class PrefixedSelfAttention(nn.Module):
    """BERT self-attention that also looks at learned keys and values.

    The learned positions share their softmax with the text's own; padding stays masked as before.
    Source: Li and Liang, Prefix-Tuning, 2021, section 4.2; in every layer, as P-tuning v2.
    """

    def __init__(self, attention: Any, length: int) -> None:
        super().__init__()
        self.query, self.key, self.value = attention.query, attention.key, attention.value
        self.heads, self.width = int(attention.num_attention_heads), int(attention.attention_head_size)
        self.prefix_keys = nn.Parameter(torch.empty(length, self.heads * self.width).normal_(std=0.2))
        self.prefix_values = nn.Parameter(torch.zeros(length, self.heads * self.width))

    def forward(
        self, hidden_states: Tensor, attention_mask: Tensor | None = None, **_: object
    ) -> tuple[Tensor, None]:
        batch = hidden_states.shape[0]
        query = self._split(self.query(hidden_states))
        key = torch.cat([self._prefix(self.prefix_keys, batch), self._split(self.key(hidden_states))], dim=2)
        value = torch.cat(
            [self._prefix(self.prefix_values, batch), self._split(self.value(hidden_states))], dim=2
        )
        scores = query @ key.transpose(2, 3) * self.width**-0.5
        if attention_mask is not None:
            length = self.prefix_keys.shape[0]
            scores = scores + nn.functional.pad(attention_mask, (length, 0))
        context = scores.softmax(dim=-1) @ value
        return context.transpose(1, 2).flatten(2), None

    def _split(self, states: Tensor) -> Tensor:
        return states.view(*states.shape[:-1], self.heads, self.width).transpose(1, 2)

    def _prefix(self, learned: Tensor, batch: int) -> Tensor:
        return self._split(learned.unsqueeze(0)).expand(batch, -1, -1, -1)


def attach(encoder: nn.Module, adapters: dict[str, int]) -> None:
    """Put bottlenecks and prefixes into an encoder.

    Args:
        encoder: a BERT; changed in place.
        adapters: {"bottleneck": inner width} and/or {"prefix": learned positions a layer}; empty for none,
            for which any encoder has room.
    """
    for block in blocks(encoder) if adapters else ():
        part: Any = block
        if "bottleneck" in adapters:
            part.attention.output.dense = Bottleneck(part.attention.output.dense, adapters["bottleneck"])
            part.output.dense = Bottleneck(part.output.dense, adapters["bottleneck"])
        if "prefix" in adapters:
            part.attention.self = PrefixedSelfAttention(part.attention.self, adapters["prefix"])


def has_room(encoder: nn.Module) -> bool:
    """Whether the blocks are laid out as those of a BERT, into which `attach` can put something."""
    try:
        block: Any = blocks(encoder)[0]
        return hasattr(block.attention.self, "query")
    except (TypeError, AttributeError):
        return False


def attached(encoder: nn.Module) -> dict[str, int]:
    """What `attach` put into this encoder."""
    adapters: dict[str, int] = {}
    if not has_room(encoder):
        return adapters
    part: Any = blocks(encoder)[0]
    if isinstance(part.output.dense, Bottleneck):
        adapters["bottleneck"] = part.output.dense.down.out_features
    if isinstance(part.attention.self, PrefixedSelfAttention):
        adapters["prefix"] = part.attention.self.prefix_keys.shape[0]
    return adapters


def adapter_parameters(encoder: nn.Module) -> list[nn.Parameter]:
    """The parameters that `attach` added, without the encoder's own."""
    found: list[nn.Parameter] = []
    for module in encoder.modules():
        if isinstance(module, Bottleneck):
            found += [*module.down.parameters(), *module.up.parameters()]
        elif isinstance(module, PrefixedSelfAttention):
            found += [module.prefix_keys, module.prefix_values]
    return found
