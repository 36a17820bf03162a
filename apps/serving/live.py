"""The versions that this process serves, following the registry's aliases.

A thread reads the registry every second. A version that an alias newly names is loaded beside the old one
and takes over in one assignment; requests that hold the old one finish on it. What no alias names any more
is kept while there is room, so that a rollback is immediate and older versions can be asked for by number.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass

from django import db
from django.utils.translation import gettext as _

from apps.accounts.whole_numbers import whole_number
from apps.serving import metrics
from apps.serving.catalogue import CHAMPION, Catalogue, Release
from apps.serving.errors import Fault, ServingError
from apps.serving.live_model import LiveModel, Loading, cannot_load, said_of

logger = logging.getLogger(__name__)

LOADERS = 2
EXTRA_VERSIONS = 2  # without an alias, kept loaded


@dataclass(frozen=True)
class AliasState:
    """What the registry wants under an alias, what answers, and why they differ where a load failed."""

    family: str
    alias: str
    wanted: int
    live: int | None
    failure: str | None


@dataclass(frozen=True)
class _Failure:
    sentence: str
    retry_at: float


class LiveModels:
    """
    Args:
        read: the registry now.
        open_model: a release, loaded and warmed up; runs in a thread and may take seconds.
        poll_seconds: between two reads.
        retry_seconds: before a version that failed to load is tried again.
        load_seconds: the longest that a request waits for a version that isn't loaded yet.
    """

    def __init__(
        self,
        *,
        read: Callable[[], Catalogue],
        open_model: Callable[[Release], LiveModel],
        poll_seconds: float = 1.0,
        retry_seconds: float = 15.0,
        load_seconds: float = 60.0,
    ) -> None:
        self._read = read
        self._open = open_model
        self._poll_seconds = poll_seconds
        self._retry_seconds = retry_seconds
        self._load_seconds = load_seconds
        self._lock = threading.RLock()
        self._starting = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._loader = ThreadPoolExecutor(LOADERS, thread_name_prefix="load-version")
        self._catalogue: Catalogue | None = None
        self._live: dict[tuple[str, str], LiveModel] = {}
        self._loaded: OrderedDict[Release, LiveModel] = OrderedDict()
        self._loading: dict[Release, Future[LiveModel]] = {}
        self._failed: dict[Release, _Failure] = {}

    # --- following the registry ---

    @property
    def is_following(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Reads the registry once and goes on following it; later calls do nothing."""
        with self._starting:
            if self._thread is not None:
                return
            self.refresh()
            self._thread = threading.Thread(target=self._follow, name="follow-aliases", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        self._loader.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            models = list(self._loaded.values())
            self._loaded.clear()
            self._live.clear()
        for model in models:
            model.retire()

    def _follow(self) -> None:
        while not self._stopped.wait(self._poll_seconds):
            try:
                self.refresh()
            except Exception:  # whatever it was: nobody would start this thread again
                logger.exception("the registry can't be followed; serving goes on with what it knows")

    def refresh(self) -> None:
        """Reads the registry now; keeps what was known when it can't be read."""
        try:
            catalogue = self._read()
        except db.Error:
            logger.exception("the registry can't be read; serving goes on with what it knows")
            return
        with self._lock:
            self._catalogue = catalogue
            due = [release for release in set(catalogue.aliased().values()) if self._is_due(release)]
        for release in due:
            self._load(release)
        self._settle()

    def _is_due(self, release: Release) -> bool:
        return release not in self._loaded and self._recent_failure(release) is None

    def _recent_failure(self, release: Release) -> _Failure | None:
        """Why it could not be loaded a moment ago, while it isn't tried again."""
        failure = self._failed.get(release)
        return failure if failure is not None and failure.retry_at > time.monotonic() else None

    def _load(self, release: Release) -> Future[LiveModel]:
        with self._lock:
            if release in self._loading:
                return self._loading[release]
            future = self._loading[release] = self._loader.submit(self._open, release)
        future.add_done_callback(lambda done: self._loaded_or_failed(release, done))
        return future

    def _loaded_or_failed(self, release: Release, done: Future[LiveModel]) -> None:
        with self._lock:
            self._loading.pop(release, None)
            if done.cancelled():
                return
            error = done.exception()
            if error is None:
                self._loaded[release] = done.result()
                self._failed.pop(release, None)
            else:
                self._failed[release] = _Failure(said_of(error), time.monotonic() + self._retry_seconds)
        outcome = "failed" if error else "loaded"
        metrics.loads_total.labels(release.family, outcome).inc()
        if error:
            logger.error("version %s of %s can't be served: %s", release.number, release.family, error)
        self._settle()

    def _settle(self) -> None:
        """Makes every alias answer with what the registry names, once that is loaded; drops the surplus."""
        with self._lock:
            if self._catalogue is None:
                return
            wanted = self._catalogue.aliased()
            for key in list(self._live):
                if key not in wanted:
                    del self._live[key]
                    metrics.live_version.labels(*key).set(0)
            for key, release in wanted.items():
                if release in self._loaded:
                    self._live[key] = self._loaded[release]
            retired = self._take_surplus()
            self._report(wanted)
        for model in retired:
            model.retire()

    def _take_surplus(self) -> list[LiveModel]:
        in_use = {model.release for model in self._live.values()}
        spare = [release for release in self._loaded if release not in in_use]
        surplus = spare[: max(0, len(spare) - EXTRA_VERSIONS)]
        return [self._loaded.pop(release) for release in surplus]

    def _report(self, wanted: Mapping[tuple[str, str], Release]) -> None:
        for key, release in wanted.items():
            live = self._live.get(key)
            metrics.wanted_version.labels(*key).set(release.number)
            metrics.live_version.labels(*key).set(live.release.number if live else 0)

    # --- asking ---

    def catalogue(self) -> Catalogue:
        """
        Raises:
            ServingError: the registry could not be read since this process started.
        """
        if self._catalogue is None:
            raise ServingError(Fault.NOT_READY, _("The registry can't be read yet."), retry_after_seconds=1)
        return self._catalogue

    def states(self) -> list[AliasState]:
        with self._lock:
            wanted = self.catalogue().aliased()
            return [self._state(*key, release) for key, release in sorted(wanted.items())]

    def _state(self, family: str, alias: str, release: Release) -> AliasState:
        live = self._live.get((family, alias))
        failure = self._failed.get(release)
        return AliasState(
            family,
            alias,
            wanted=release.number,
            live=live.release.number if live else None,
            failure=failure.sentence if failure else None,
        )

    def is_ready(self) -> bool:
        """Whether the registry is being followed and every champion answers."""
        if not self.is_following or self._catalogue is None:
            return False
        return all(state.live is not None for state in self.states() if state.alias == CHAMPION)

    def is_servable(self, family: str, version: str | None) -> bool:
        """Whether a request would be answered, if need be after loading a version asked for by number.

        Raises:
            ServingError: unknown family or version, or no champion yet.
        """
        release = self.catalogue().find(family, version)
        if release in self._loaded or (family, version or CHAMPION) in self._live:
            return True
        is_alias = version is None or whole_number(version) is None
        return not is_alias and self._recent_failure(release) is None

    def state(self, release: Release) -> tuple[str, str]:
        """READY, LOADING or UNAVAILABLE, and why the last."""
        with self._lock:
            if release in self._loaded:
                return "READY", ""
            if release in self._loading:
                return "LOADING", ""
            failure = self._failed.get(release)
        return "UNAVAILABLE", failure.sentence if failure else "not loaded; it is when asked for"

    def live(self) -> list[LiveModel]:
        """What answers under some alias now."""
        with self._lock:
            return list(dict.fromkeys(self._live.values()))

    def lease_if_loaded(self, family: str, version: str | None) -> LiveModel | None:
        """A model to use and give back, or None where `lease` would have to wait."""
        with self._lock:
            release = self.catalogue().find(family, version)
            # While the version that an alias names is being loaded, the one before goes on answering.
            model = self._loaded.get(release) or self._live.get((family, version or CHAMPION))
            if model is None or not model.lease():
                return None
            if model.release in self._loaded:
                self._loaded.move_to_end(model.release)
            return model

    def lease(self, family: str, version: str | None) -> LiveModel:
        """A model to use and give back, loaded first if need be. Blocks.

        Raises:
            ServingError: unknown, or it could not be loaded.
        """
        while (model := self.lease_if_loaded(family, version)) is None:
            loading = self.loading(family, version)
            wait([loading.future], loading.seconds)
            loading.check()
        return model

    @contextmanager
    def leased(self, family: str, version: str | None) -> Iterator[LiveModel]:
        """As `lease`, and given back."""
        model = self.lease(family, version)
        try:
            yield model
        finally:
            model.give_back()

    def loading(self, family: str, version: str | None) -> Loading:
        """What `lease` waits for, for callers that wait in another way. Doesn't block.

        Raises:
            ServingError: unknown, or it could not be loaded a moment ago.
        """
        release = self.catalogue().find(family, version)
        failure = self._recent_failure(release)
        if failure is not None:
            after = failure.retry_at - time.monotonic()
            raise cannot_load(release, failure.sentence, retry_after_seconds=after)
        return Loading(release, self._load(release), self._load_seconds, self._retry_seconds)
