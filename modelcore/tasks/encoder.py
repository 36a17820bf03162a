"""The encoder under every head: a BERT from transformers without its pooler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import torch
from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel

from modelcore.errors import InputError
from modelcore.tasks.dropout import ByteDropout

# Attention as plain matrix products: on a processor the fused kernel's backward pass in bf16 takes ten times
# as long (35 ms against 3 ms for 64 texts x 12 heads x 16 tokens), and plain products export to any runtime.
ATTENTION = "eager"
_BROKEN = (OSError, ValueError, TypeError, KeyError, RuntimeError, SafetensorError, StrictDataclassError)


def load_encoder(
    folder: Path, *, dropout: float | None = None, max_tokens: int | None = None
) -> PreTrainedModel:
    """Load a pre-trained encoder in fp32.

    Args:
        folder: config.json, tokenizer.json and model.safetensors; an artifact of ours or of transformers.
        dropout: probability in [0, 1) for the hidden states, with none for the attention; None keeps what is
            configured for both.
        max_tokens: the most word pieces of a text that it will be given; None leaves that to the caller.
    Returns:
        The encoder without a pooler, in eval mode.
    Raises:
        InputError: the files are damaged or don't belong together, it is no encoder, or it has fewer
            positions than max_tokens.
    """
    from modelcore.tasks.weights import is_artifact_config, read_weights

    config = read_config(folder)
    positions = getattr(config, "max_position_embeddings", None)
    if max_tokens is not None and positions is not None and positions < max_tokens:
        raise InputError(
            'The backbone in "{folder}" reads {positions} word pieces of a text, fewer than the {max_tokens} '
            "of max_tokens: lower max_tokens, or choose another backbone.",
            folder=folder,
            positions=positions,
            max_tokens=max_tokens,
        )
    with _told_of(folder):
        encoder: Any = read_weights(folder).encoder if is_artifact_config(config) else _pretrained(folder)
    if not hasattr(encoder, "embeddings"):
        raise InputError(
            'The backbone in "{folder}" is {type}, not an encoder: choose one such as BERT, DistilBERT, '
            "RoBERTa or ModernBERT.",
            folder=folder,
            type=config.model_type,
        )
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    if dropout is not None:
        set_dropout(encoder, dropout)
    encoder.eval()
    return cast(PreTrainedModel, encoder)


def read_config(folder: Path) -> PreTrainedConfig:
    """What shape an encoder has.

    Raises:
        InputError: its config.json is damaged, or of no model that transformers knows.
    """
    with _told_of(folder):
        return cast(PreTrainedConfig, AutoConfig.from_pretrained(folder))


def _pretrained(folder: Path) -> Any:
    encoder, found = AutoModel.from_pretrained(
        folder,
        attn_implementation=ATTENTION,
        dtype=torch.float32,
        output_loading_info=True,
        ignore_mismatched_sizes=True,
    )
    others = [name for name, *_ in found["mismatched_keys"]]
    # What is missing would be drawn at random; a pooler is never used.
    lacking = sorted(key for key in {*found["missing_keys"], *others} if not key.startswith("pooler."))
    if lacking:
        raise InputError(
            'The weights in "{folder}" are not those of its config.json: {count} that it asks for are '
            "missing or of another size, the first is {first}. Give weights and configuration of one model.",
            folder=folder,
            count=len(lacking),
            first=lacking[0],
        )
    return encoder


@contextmanager
def _told_of(folder: Path) -> Iterator[None]:
    """Say which backbone is broken: each library has a fault of its own for that."""
    try:
        yield
    except InputError:
        raise
    except _BROKEN as error:
        raise InputError(
            'The backbone in "{folder}" can\'t be loaded ({cause}): copy or download it again.',
            folder=folder,
            cause=str(error).strip().partition("\n")[0].rstrip("."),
        ) from error


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


def new_head(encoder: Any, labels: int) -> nn.Linear:
    """What scores labels by a state of the encoder: untrained, and nearly equal for all of them."""
    head = nn.Linear(int(encoder.config.hidden_size), labels)
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    return head


def blocks(encoder: Any) -> nn.ModuleList:
    """The transformer blocks of a BERT-like encoder, lowest first.

    Raises:
        TypeError: they are not where a BERT has them.
    """
    layers = getattr(getattr(encoder, "encoder", None), "layer", None)
    if not isinstance(layers, nn.ModuleList) or not hasattr(layers[0], "attention"):
        raise TypeError("The encoder's blocks are not where a BERT has them.")
    return layers
