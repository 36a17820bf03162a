"""What the batcher tells about itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BatchReport:
    """One batch: how many items and tokens, what padding made of them, how long it waited and ran."""

    size: int
    tokens: int
    padded_tokens: int
    waited_seconds: tuple[float, ...]
    run_seconds: float
