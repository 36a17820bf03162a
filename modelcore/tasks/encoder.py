"""The encoder under every head: a BERT from transformers without its pooler."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel

from modelcore.tasks.dropout import ByteDropout

# Attention as plain matrix products: on a processor the fused kernel's backward pass in bf16 takes ten times
# as long (35 ms against 3 ms for 64 texts x 12 heads x 16 tokens), and plain products export to any runtime.
ATTENTION = "eager"


def load_encoder(folder: Path, *, dropout: float | None = None) -> PreTrainedModel:
    """Load a pre-trained encoder in fp32.

    Args:
        folder: config.json, tokenizer.json and model.safetensors; an artifact of ours or of transformers.
        dropout: probability in [0, 1) for the hidden states, with none for the attention; None keeps what is
            configured for both.
    Returns:
        The encoder without a pooler, in eval mode.
    """
    from modelcore.tasks.weights import is_artifact_config, read_weights

    config = AutoConfig.from_pretrained(folder)
    if is_artifact_config(config):
        encoder: Any = read_weights(folder).encoder
    else:
        encoder = AutoModel.from_pretrained(folder, attn_implementation=ATTENTION, dtype=torch.float32)
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    if dropout is not None:
        set_dropout(encoder, dropout)
    encoder.eval()
    return cast(PreTrainedModel, encoder)


def build_encoder(config: PreTrainedConfig) -> PreTrainedModel:
    """An encoder of this shape with weights yet to be loaded."""
    build: Any = AutoModel.from_config
    encoder = build(config, attn_implementation=ATTENTION)
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    return cast(PreTrainedModel, encoder)


def set_dropout(encoder: nn.Module, probability: float) -> None:
    """See `load_encoder`."""
    for name, module in list(encoder.named_modules()):
        if isinstance(module, nn.Dropout):
            is_of_attention = name.endswith("attention.self.dropout")
            encoder.set_submodule(name, ByteDropout(0.0 if is_of_attention else probability))


def hidden_states(encoder: nn.Module, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
    """(n, T) int64 token ids and mask to (n, T, D) states; segment ids are the encoder's own zeros."""
    states: Tensor = encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
    return states


def mean_pool(states: Tensor, attention_mask: Tensor) -> Tensor:
    """Average the states of real tokens.

    Args:
        states: (n, T, D) float.
        attention_mask: (n, T), 1 for a real token, 0 for padding.
    Returns:
        (n, D), in the type of `states`.
    Source: Reimers and Gurevych, Sentence-BERT, 2019, section 3.
    """
    weights = attention_mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1e-9)


def blocks(encoder: Any) -> nn.ModuleList:
    """The transformer blocks of a BERT-like encoder, lowest first.

    Raises:
        TypeError: they are not where a BERT has them.
    """
    layers = encoder.encoder.layer
    if not isinstance(layers, nn.ModuleList):
        raise TypeError("The encoder's blocks are not where a BERT has them.")
    return layers
