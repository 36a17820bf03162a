"""From a training loop's many calls to the few lines that people read."""

import time
from dataclasses import replace

from django.utils import timezone

from apps.registry.services.claims import Claim, record_progress
from modelcore.sentence import Sentence
from modelcore.training.progress import Progress

INTERVAL_SECONDS = 0.5


class ProgressLog:
    """Writes at most two lines a second, and always the first of a phase and its last step."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._written_at = float("-inf")
        self._last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        last = self._last
        is_new_phase = last is None or progress.phase != last.phase
        if last is not None and not is_new_phase and not progress.total_steps:
            # What is said between two steps leaves the run where it is.
            progress = replace(progress, step=last.step, total_steps=last.total_steps)
        is_last = progress.total_steps > 0 and progress.step >= progress.total_steps
        is_news = is_new_phase or is_last or bool(progress.message)
        if not is_news and time.monotonic() - self._written_at < INTERVAL_SECONDS:
            return
        self._last = progress
        self._written_at = time.monotonic()
        record_progress(claim=self._claim, progress=progress, at=timezone.now())

    def say(self, phase: str, template: str) -> None:
        self.tell(phase, Sentence(template))

    def tell(self, phase: str, sentence: Sentence) -> None:
        self(Progress(phase, 0, 0, None, None, None, sentence))
