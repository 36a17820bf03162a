"""Dropout whose random numbers cost little on a processor."""

from __future__ import annotations

import torch
from torch import Tensor, nn

LEVELS = 256


class ByteDropout(nn.Dropout):
    """Dropout that compares one random byte with the probability, rounded to 1/256, for each element.

    torch draws a whole random number for each element on one core, a sixth of a training step; here eight
    elements share one. The generator is torch's own, so seeds and checkpoints hold for it as for any dropout.

    Source: Srivastava et al., Dropout, 2014.
    """

    def forward(self, values: Tensor) -> Tensor:
        """Zero elements with the module's probability and scale the others up; in eval mode do nothing."""
        dropped = round(self.p * LEVELS)
        if not self.training or dropped == 0:
            return values
        if values.device.type != "cpu":
            return super().forward(values)
        words = torch.empty(-(-values.numel() // 8), dtype=torch.int64)
        words.random_(torch.iinfo(torch.int64).min, None)
        kept = words.view(torch.uint8)[: values.numel()].view(values.shape) >= dropped
        return values * kept.to(values.dtype).mul_(LEVELS / (LEVELS - dropped))
