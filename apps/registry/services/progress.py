"""From a training loop's many calls to the few lines that people read."""

import time

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
        self._phase = ""

    def __call__(self, progress: Progress) -> None:
        is_last = progress.total_steps > 0 and progress.step >= progress.total_steps
        is_news = progress.phase != self._phase or is_last or bool(progress.message)
        if not is_news and time.monotonic() - self._written_at < INTERVAL_SECONDS:
            return
        self._phase = progress.phase
        self._written_at = time.monotonic()
        record_progress(claim=self._claim, progress=progress, at=timezone.now())

    def say(self, phase: str, template: str) -> None:
        self.tell(phase, Sentence(template))

    def tell(self, phase: str, sentence: Sentence) -> None:
        self(Progress(phase, 0, 0, None, None, None, sentence))
