"""What this process understands customers with: the champion, the nearest questions and their certificate.

A thread reads the knowledge and the certificates every second; what is new is opened beside what answers, and
takes over in one assignment. So no answer ever waits for it.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import numpy as np
from django import db

from apps.serving.errors import Fault, ServingError
from apps.serving.inference import TIMEOUT_SECONDS, answers_of, submit_all
from apps.serving.live import LiveModels
from apps.serving.live_model import Found, LiveModel
from apps.serving.loading import live_models
from apps.support.engine.deciding import Judge
from apps.support.engine.decision import Understood
from apps.support.engine.nearest import Nearest
from apps.support.engine.scoring import Evidence, Scoring, understand
from apps.support.family_name import FAMILY
from apps.support.selectors.grounds import Certified, Grounds, read_grounds
from apps.support.selectors.knowledge import NOTHING, Answers
from apps.support.services.encoders import open_encoder
from apps.support.services.indexes import forget_cached, open_index
from modelcore.errors import ModelcoreError
from modelcore.serving import Prediction

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Judging:
    """What one decision stands on; without a judge there is no model."""

    answers: Answers = NOTHING
    judge: Judge | None = None
    version_id: int | None = None
    certified: Certified | None = None


@dataclass(frozen=True)
class _State:
    grounds: Grounds
    nearest: Mapping[str, Nearest] = field(default_factory=dict)


def understand_texts(
    texts: Sequence[str], model: LiveModel, nearest: Nearest | None, scoring: Scoring
) -> list[Understood]:
    """
    Args:
        texts: masked.
        model: a classifier, leased.
        nearest: None where nothing can be looked up; then nothing is certain either.
        scoring: of the certificate.

    Raises:
        ServingError: overloaded, too late, or the model failed.
    """
    counts = model.predictor.token_counts(texts)
    futures = submit_all(model, texts, counts)
    near = nearest.find(texts) if nearest else [()] * len(texts)
    novelty = nearest.novelty(texts) if nearest else np.zeros(len(texts))
    answers = answers_of(model, futures, counts, seconds=TIMEOUT_SECONDS)
    evidence = Evidence(model.predictor.labels, _probabilities(answers), near, novelty)
    return understand(texts, evidence, scoring)


def gather_evidence(texts: Sequence[str], model: LiveModel, nearest: Nearest) -> Evidence:
    """The same ground for many texts at once, beside the batcher."""
    return Evidence(
        model.predictor.labels,
        _probabilities(model.predictor.predict(texts)),
        nearest.find(texts),
        nearest.novelty(texts),
    )


def open_nearest(content: str, encoder: str) -> Nearest:
    """An index and what embeds for it, by where both lie in the store.

    Raises:
        ModelcoreError: one of them is lost or damaged.
    """
    # In the thread that asks, while the classifier's batcher works in its own.
    return Nearest(open_encoder(encoder).predictor.embed, open_index(content))


def _probabilities(answers: Sequence[Found]) -> np.ndarray:
    return np.array([one.probabilities for one in answers if isinstance(one, Prediction)], dtype=np.float64)


class Understanding:
    """
    Args:
        models: of this process.
        read: what decisions stand on, now.
        open_nearest: an index and its encoder by where they lie in the store; may take seconds.
    """

    def __init__(
        self,
        *,
        models: Callable[[], LiveModels] = live_models,
        read: Callable[[], Grounds] = read_grounds,
        open_nearest: Callable[[str, str], Nearest] = open_nearest,
    ) -> None:
        self._models, self._read = models, read
        self._open = open_nearest
        self._state: _State | None = None
        self._starting = threading.Lock()
        self._refreshing = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Reads once and goes on following; later calls do nothing."""
        with self._starting:
            if self._thread is not None:
                return
            self.refresh()
            self._thread = threading.Thread(target=self._follow, name="follow-knowledge", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def refresh(self) -> None:
        with self._refreshing:
            self._refresh()

    def _follow(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            try:
                self.refresh()
            except Exception:  # database or store: nobody would start this thread again
                logger.exception("the knowledge can't be read; answering goes on with what is known")
            finally:
                # No request cycle of Django's would end in this thread.
                db.close_old_connections()

    def _refresh(self) -> None:
        grounds = self._read()
        before = self._state or _State(Grounds(NOTHING, {}, {}, {}))
        opened: dict[str, Nearest] = {}
        for digest, stored in grounds.indexes.items():
            known = before.nearest.get(digest) if before.grounds.indexes.get(digest) == stored else None
            try:
                opened[digest] = known or self._open(stored.content, stored.encoder)
            except (ModelcoreError, OSError) as error:
                logger.error("the index of the nearest questions can't be opened: %s", error)
        self._state = _State(grounds, opened)
        if before.grounds.indexes != grounds.indexes:
            forget_cached()

    @contextmanager
    def judging(self) -> Iterator[Judging]:
        """The champion, leased, with what belongs to it.

        Raises:
            ServingError: there is a champion and it can't be loaded now.
        """
        state = self._state
        if state is None:
            raise ServingError(Fault.NOT_READY, "The knowledge can't be read yet.", retry_after_seconds=1)
        with ExitStack() as stack:
            try:
                model = stack.enter_context(self._models().leased(FAMILY, None))
            except ServingError as error:
                if error.fault not in (Fault.UNKNOWN_VERSION, Fault.UNKNOWN_MODEL):
                    raise
                yield Judging(state.grounds.answers)
            else:
                yield _judging(state, model)


def _judging(state: _State, model: LiveModel) -> Judging:
    number = model.release.number
    certified = state.grounds.certified.get(number)
    nearest = state.nearest.get(certified.knowledge_digest) if certified else None
    scoring = certified.scoring if certified else Scoring()
    is_certified = certified is not None and nearest is not None
    judge = Judge(
        lambda texts: understand_texts(texts, model, nearest, scoring),
        certified.threshold if certified and nearest else None,
        is_certified,
    )
    return Judging(state.grounds.answers, judge, state.grounds.versions.get(number), certified)


_making = threading.Lock()
_understanding: Understanding | None = None


def understanding() -> Understanding:
    """The one of this process, started at its first use."""
    global _understanding
    with _making:
        found = _understanding = _understanding or Understanding()
    found.start()
    return found
