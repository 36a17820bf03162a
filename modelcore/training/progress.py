"""What a caller sees of a fit while it runs, and when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelcore.errors import ModelcoreError
from modelcore.sentence import Sentence
from modelcore.training import processes

NOTHING = Sentence.of("")


class Cancelled(ModelcoreError):
    """The caller's `should_stop` said yes; checkpoints up to here remain."""


@dataclass(frozen=True)
class Progress:
    """One moment of a fit. `phase` is prepare, rehearse, train, evaluate or package; `metric` is in [0, 1].

    Steps count through all runs of a fit: those that only rehearse, and the one whose model is kept.
    """

    phase: str
    step: int
    total_steps: int
    loss: float | None
    metric: float | None
    eta_seconds: float | None
    message: Sentence = NOTHING


@dataclass(frozen=True)
class FitResult:
    """A finished fit. `examples` counts every visit of a text in training, `seconds` the training alone."""

    artifact: Path
    digest: str
    metrics: dict[str, Any]
    examples: int
    seconds: float
    examples_per_second: float


@dataclass(frozen=True)
class Watcher:
    """The caller's two callbacks, with one place that asks and tells; of several processes the first does."""

    on_progress: Callable[[Progress], None] | None = None
    should_stop: Callable[[], bool] | None = None

    def say(self, phase: str, template: str, /, **values: Any) -> None:
        """Tell a sentence between the steps, and stop here when the caller wants to; see `Sentence`."""
        self.tell(Progress(phase, 0, 0, None, None, None, Sentence(template, **values)))

    def tell(self, progress: Progress) -> None:
        self.check()
        if self.on_progress is not None and processes.number() == 0:
            self.on_progress(progress)

    def check(self) -> None:
        """Stop here when the caller wants to.

        Raises:
            Cancelled: `should_stop` said yes.
        """
        if self.should_stop is not None and processes.once(self.should_stop):
            raise Cancelled("The run was cancelled; its checkpoints are kept.")
