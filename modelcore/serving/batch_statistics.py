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
    batches: int
    items: int
    tokens: int
    padded_tokens: int
    waited_seconds: float
    longest_wait_seconds: float

    @property
    def mean_batch_size(self) -> float:
        return self.items / self.batches if self.batches else 0.0

    @property
    def padding_share(self) -> float:
        """Share of the computed tokens that were padding, in [0, 1)."""
        return 1 - self.tokens / self.padded_tokens if self.padded_tokens else 0.0

    @property
    def mean_wait_seconds(self) -> float:
        return self.waited_seconds / self.items if self.items else 0.0


@dataclass
class Counters:
    submitted: int = 0
    answered: int = 0
    failed: int = 0
    cancelled: int = 0
    refused: int = 0
    batches: int = 0
    items: int = 0
    tokens: int = 0
    padded_tokens: int = 0
    waited_seconds: float = 0.0
    longest_wait_seconds: float = 0.0

    def add(self, report: BatchReport) -> None:
        self.batches += 1
        self.items += report.size
        self.tokens += report.tokens
        self.padded_tokens += report.padded_tokens
        self.waited_seconds += sum(report.waited_seconds)
        self.longest_wait_seconds = max(self.longest_wait_seconds, *report.waited_seconds)

    def statistics(self, *, queued: int) -> Statistics:
        return Statistics(queued=queued, **vars(self))
