"""From a version in the registry to a model that answers."""

import threading
from functools import cache

from django import db

from apps.registry.families import threads_of
from apps.registry.store import fetch_artifact
from apps.serving.catalogue import Catalogue, Release
from apps.serving.limits import Limits
from apps.serving.live import LiveModels
from apps.serving.live_model import LiveModel
from apps.serving.selectors import read_catalogue
from modelcore.serving import Predictor

TOKEN_BUDGET = 4096  # of one batch
MAX_QUEUE = 4096  # texts; at least what one request may hold
WARM_UP = "The first answer of a runtime is slow; nobody should wait for it."

_opening = threading.Lock()


def open_release(release: Release, *, threads: int | None = None) -> LiveModel:
    """Fetches the artifact, verified, opens it and lets it answer once.

    Args:
        release: of any family.
        threads: of one call; those of the family if None.

    Raises:
        ModelcoreError: missing, corrupt or incompatible artifact.
    """
    artifact = fetch_artifact(release.digest)
    # OpenVINO fills tables at its first inference, under a lock of its own while it lets go of Python's: two
    # threads that infer for the first time at once can wait for each other for ever.
    with _opening:
        predictor = Predictor.open(artifact, threads=threads or threads_of(release.family))
        if predictor.task == "embedding":
            predictor.embed([WARM_UP])
        else:
            predictor.predict([WARM_UP])
    return LiveModel(release, predictor, token_budget=TOKEN_BUDGET, max_queue=MAX_QUEUE)


def read_registry() -> Catalogue:
    try:
        return read_catalogue()
    except db.Error:
        # No request cycle of Django's would end in this thread; the next read makes a new connection.
        db.close_old_connections()
        raise


@cache
def limits() -> Limits:
    return Limits()


_making = threading.Lock()
_models: LiveModels | None = None


def live_models() -> LiveModels:
    """The one of this process, started at its first use; that reads the database, so not on an event loop."""
    global _models
    with _making:
        models = _models = _models or LiveModels(read=read_registry, open_model=open_release)
    if not models.is_following:
        models.start()
        # This thread may never read the database again.
        if not db.connection.in_atomic_block:
            db.close_old_connections()
    return models


def started_models() -> LiveModels | None:
    """The same without waiting: None before the first use."""
    return _models if _models is not None and _models.is_following else None
