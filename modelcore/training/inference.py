"""A model's outputs for tokenised texts, in batches of like length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from modelcore.training import processes
from modelcore.training.batching import by_length, pad

BATCH_SIZE = 64


def outputs(
    model: nn.Module,
    tokens: Sequence[Sequence[int]],
    *,
    forward: Callable[[Tensor, Tensor], Tensor] | None = None,
    bf16: bool = False,
) -> list[NDArray[np.float32]]:
    """Run texts through a model; several processes share them and get all outputs.

    Args:
        model: put into eval mode; asked on the device that it is on.
        tokens: n lists of word-piece numbers.
        forward: what to call instead of the model itself, such as `Classifier.pooled`.
        bf16: compute in bf16 where that is faster, for scores that only steer; reported figures use fp32.
    Returns:
        n float32 arrays: (L,) or (D,), or (T, L) where the output has a row a token.
    """
    model.eval()
    call = forward or model
    device = next(model.parameters()).device
    casts = bf16 and has_bf16(device)
    found: dict[int, NDArray[np.float32]] = {}
    batches = list(by_length([len(ids) for ids in tokens], BATCH_SIZE))
    with (
        torch.inference_mode(),
        torch.autocast(device.type, torch.bfloat16, enabled=casts),
    ):
        for batch in batches[processes.number() :: processes.count()]:
            padded = (part.to(device) for part in pad([tokens[index] for index in batch]))
            rows = call(*padded).float().cpu().numpy()
            for index, row in zip(batch, rows, strict=True):
                found[index] = row[: len(tokens[index])] if row.ndim == 2 else row
    everything = {index: row for part in processes.gathered(found) for index, row in part.items()}
    return [everything[index] for index in range(len(tokens))]


def has_bf16(device: torch.device) -> bool:
    """Whether a device has instructions for bf16; emulated, it takes five times as long as fp32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities: Any = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16") or capabilities.get("bf16"))
