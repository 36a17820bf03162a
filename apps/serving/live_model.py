"""One loaded version: its predictor, the batcher in front of it, and who is using it; or one on its way."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from apps.serving import metrics
from apps.serving.catalogue import Release
from apps.serving.errors import Fault, ServingError
from apps.ui.sentences import said
from modelcore.errors import ModelcoreError
from modelcore.serving import DynamicBatcher, Prediction, Text

Vector = npt.NDArray[np.float32]
Found = Prediction | Vector
# An idle model begins at once. While it works the next batch gathers by itself, and the texts of one request
# are submitted before the batcher's thread gets its turn, so that waiting would only be felt.
MAX_WAIT_SECONDS = 0.0


class AnyPredictor(Protocol):
    """What serving needs of a predictor."""

    @property
    def task(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def embedding_size(self) -> int | None: ...
    def predict(self, texts: Sequence[str]) -> list[Prediction]: ...
    def embed(self, texts: Sequence[Text]) -> Vector: ...
    def token_counts(self, texts: Sequence[Text]) -> list[int]: ...
    def enclose(self, ids: Sequence[int]) -> tuple[int, ...]: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Work:
    """One text in the batcher's queue."""

    text: Text
    tokens: int


class LiveModel:
    """Answers texts through its batcher. Closed only after the last lease was given back."""

    def __init__(
        self, release: Release, predictor: AnyPredictor, *, token_budget: int, max_queue: int
    ) -> None:
        self.release = release
        self.predictor = predictor
        self.task = predictor.task
        self.embedding_size = predictor.embedding_size
        self._batcher: DynamicBatcher[Work, Found] = DynamicBatcher(
            self._run,
            cost=lambda work: work.tokens,
            token_budget=token_budget,
            max_wait_seconds=MAX_WAIT_SECONDS,
            max_queue=max_queue,
            on_batch=lambda report: metrics.observe_batch(release.family, report),
        )
        self._queued = metrics.queued.labels(release.family)
        self._lock = threading.Lock()
        self._leases = 0
        self._retired = False

    @property
    def family(self) -> str:
        return self.release.family

    @property
    def version(self) -> str:
        return str(self.release.number)

    def submit(self, text: Text, tokens: int) -> Future[Found]:
        """
        Raises:
            Overloaded: the queue is full.
        """
        future = self._batcher.submit(Work(text, tokens))
        self._queued.inc()
        future.add_done_callback(lambda _: self._queued.dec())
        return future

    def _run(self, works: list[Work]) -> list[Found]:
        texts = [work.text for work in works]
        if self.embedding_size:
            return list(self.predictor.embed(texts))
        # Token ids come through the door for embeddings alone.
        return list(self.predictor.predict(cast(list[str], texts)))

    def lease(self) -> bool:
        """True when the caller may use the model and must give it back; False when it is retired already."""
        with self._lock:
            if self._retired:
                return False
            self._leases += 1
            return True

    def give_back(self) -> None:
        with self._lock:
            self._leases -= 1
            done = self._retired and not self._leases
        if done:
            self._close_aside()

    def retire(self) -> None:
        """No new lease from now on; closes when the last one is given back."""
        with self._lock:
            already, self._retired = self._retired, True
            done = not already and not self._leases
        if done:
            self._close_aside()

    def _close_aside(self) -> None:
        # Whoever gave it back last may be the event loop, which must not wait for threads to end.
        threading.Thread(target=self._close, name=f"close-{self.family}-{self.version}").start()

    def _close(self) -> None:
        self._batcher.close()
        self.predictor.close()


@dataclass(frozen=True)
class Loading:
    """A version on its way, how long a request waits for it, and after how long a failure is tried again."""

    release: Release
    future: Future[LiveModel]
    seconds: float
    retry_seconds: float

    def check(self) -> None:
        """
        Raises:
            ServingError: it is still loading, or could not be loaded.
        """
        if not self.future.done():
            sentence = _("Version %(number)s of %(family)s is still loading.") % {
                "number": self.release.number,
                "family": self.release.family,
            }
            raise ServingError(Fault.NOT_READY, sentence, retry_after_seconds=5)
        error = self.future.exception()
        if error is not None:
            raise cannot_load(self.release, said_of(error), retry_after_seconds=self.retry_seconds)


def said_of(error: BaseException) -> str:
    """What went wrong, where modelcore foresaw it with how to say it in other languages."""
    return error.sentence if isinstance(error, ModelcoreError) else str(error)


def cannot_load(release: Release, why: str, *, retry_after_seconds: float) -> ServingError:
    sentence = _("Version %(number)s of %(family)s can't be loaded: %(why)s") % {
        "number": release.number,
        "family": release.family,
        "why": said(why),
    }
    return ServingError(Fault.NOT_READY, sentence, retry_after_seconds=retry_after_seconds)
