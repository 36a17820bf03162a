"""The heart of a worker: a thread that says that the run is alive, and hears when it should stop."""

import logging
import threading
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection
from django.utils import timezone

from apps.registry.services.claims import Beat, Claim, beat

logger = logging.getLogger(__name__)
INTERVAL_SECONDS = 1.0


class Heart:
    """Beats while the block runs; `should_stop` is asked by the training loop at every step."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._ended = threading.Event()
        self._last = Beat(is_owner=True, is_cancel_requested=False)
        self._thread = threading.Thread(target=self._run, name=f"heart-{claim.run_id}", daemon=True)

    @property
    def is_owner(self) -> bool:
        return self._last.is_owner

    def should_stop(self) -> bool:
        return self._last.is_cancel_requested or not self._last.is_owner

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while self._last.is_owner and not self._ended.wait(INTERVAL_SECONDS):
                try:
                    self._last = beat(claim=self._claim, at=timezone.now())
                except DatabaseError:
                    # A beat that can't be written is a missed beat; the sweep decides after several.
                    logger.warning("run %s could not beat", self._claim.run_id, exc_info=True)
                    connection.close()
        finally:
            connection.close()
