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


@dataclass(frozen=True)
class Statistics:
    """Sums since the batcher began; `submitted` = queued + answered + failed + cancelled + those running."""

    queued: int
    submitted: int
    answered: int
    failed: int
    cancelled: int
    refused: int
    tokens: int
    padded_tokens: int

    @property
    def padding_share(self) -> float:
        """Share of the computed tokens that were padding, in [0, 1)."""
        return 1 - self.tokens / self.padded_tokens if self.padded_tokens else 0.0


@dataclass
class Counters:
    submitted: int = 0
    answered: int = 0
    failed: int = 0
    cancelled: int = 0
    refused: int = 0
    tokens: int = 0
    padded_tokens: int = 0

    def add(self, report: BatchReport) -> None:
        self.tokens += report.tokens
        self.padded_tokens += report.padded_tokens

    def statistics(self, *, queued: int) -> Statistics:
        return Statistics(queued=queued, **vars(self))
