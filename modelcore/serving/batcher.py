"""Gathers single items from many threads into batches that one model call answers."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from modelcore.errors import InputError, ModelcoreError

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")


class Overloaded(ModelcoreError):
    """The queue is full; asking again in a moment may work."""


class Closed(ModelcoreError):
    """The batcher takes nothing any more."""


class TooLarge(InputError):
    """One item that no batch could hold."""


@dataclass(frozen=True)
class BatchReport:
    """One batch: how many items and tokens, what padding made of them, how long it waited and ran."""

    size: int
    tokens: int
    padded_tokens: int
    waited_seconds: tuple[float, ...]
    run_seconds: float


@dataclass(eq=False)
class _Waiting(Generic[Item, Result]):
    item: Item
    cost: int
    submitted_at: float = field(default_factory=time.monotonic)
    future: Future[Result] = field(default_factory=Future)


class DynamicBatcher(Generic[Item, Result]):
    """Answers items in batches of similar length.

    Args:
        run: answers a batch, one result an item, in order; called by one thread at a time.
        cost: an item's length in tokens, at least 1.
        token_budget: most padded tokens (longest x count) of a batch.
        max_wait_seconds: that an item waits for others while the model is idle.
        max_queue: items that may wait; one more is refused at once.
        on_batch: told about every batch, for metrics, in the worker's thread; what it raises is only logged.
    """

    def __init__(
        self,
        run: Callable[[list[Item]], list[Result]],
        *,
        cost: Callable[[Item], int],
        token_budget: int = 4096,
        max_wait_seconds: float = 0.003,
        max_queue: int = 1024,
        on_batch: Callable[[BatchReport], None] | None = None,
    ) -> None:
        self._run, self._cost, self._on_batch = run, cost, on_batch
        self._token_budget, self._max_wait_seconds = token_budget, max_wait_seconds
        self._max_queue = max_queue
        self._queue: list[_Waiting[Item, Result]] = []
        self._changed = threading.Condition()
        self._closing = False
        self._worker = threading.Thread(target=self._work, name="batcher", daemon=True)
        self._worker.start()

    def submit(self, item: Item) -> Future[Result]:
        """Queue an item; never blocks.

        Raises:
            TooLarge: it is longer than the token budget.
            Overloaded: the queue is full.
            Closed: after `close`.
        """
        cost = max(1, self._cost(item))
        if cost > self._token_budget:
            raise TooLarge(
                "A text has {tokens} tokens and a batch may have {budget}: send it in parts.",
                tokens=cost,
                budget=self._token_budget,
            )
        waiting: _Waiting[Item, Result] = _Waiting(item, cost)
        with self._changed:
            if self._closing:
                raise Closed("This model was unloaded during your request: ask again.")
            if len(self._queue) >= self._max_queue:
                self._forget_cancelled()
            if len(self._queue) >= self._max_queue:
                raise Overloaded(
                    "{waiting} texts are waiting already: ask again in a second.", waiting=self._max_queue
                )
            self._queue.append(waiting)
            self._changed.notify()
        return waiting.future

    def close(self) -> None:
        """Answer what waits, then stop; items submitted from now on are refused."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        # A future's callback runs in the worker and may be what closes.
        if threading.current_thread() is not self._worker:
            self._worker.join()

    def _work(self) -> None:
        while batch := self._next_batch():
            started_at = time.monotonic()
            self._answer(batch)
            report = BatchReport(
                size=len(batch),
                tokens=sum(waiting.cost for waiting in batch),
                padded_tokens=len(batch) * max(waiting.cost for waiting in batch),
                waited_seconds=tuple(started_at - waiting.submitted_at for waiting in batch),
                run_seconds=time.monotonic() - started_at,
            )
            self._tell(report)

    def _tell(self, report: BatchReport) -> None:
        if self._on_batch is None:
            return
        try:
            self._on_batch(report)
        except Exception:
            # Without its one worker the model would never answer again.
            logger.exception("a batch was answered, but not observed")

    def _next_batch(self) -> list[_Waiting[Item, Result]]:
        """Blocks until there is something to do; empty only when closed and drained."""
        with self._changed:
            while True:
                self._changed.wait_for(lambda: self._queue or self._closing)
                if not self._queue:
                    return []
                self._wait_for_company()
                batch = [one for one in self._choose() if one.future.set_running_or_notify_cancel()]
                if batch:
                    return batch

    def _wait_for_company(self) -> None:
        until = self._queue[0].submitted_at + self._max_wait_seconds
        while not self._closing and not self._is_full():
            left = until - time.monotonic()
            if left <= 0 or not self._changed.wait(left):
                return

    def _is_full(self) -> bool:
        return len(self._queue) * max(waiting.cost for waiting in self._queue) >= self._token_budget

    def _choose(self) -> list[_Waiting[Item, Result]]:
        """The oldest item, so that none starves, and those nearest to it in length while the budget lasts."""
        oldest = self._queue[0]
        order = sorted(self._queue, key=lambda waiting: waiting.cost)
        low = high = order.index(oldest)
        while True:
            steps = [
                (abs(order[new].cost - oldest.cost), first, last)
                for new, first, last in ((low - 1, low - 1, high), (high + 1, low, high + 1))
                if 0 <= new < len(order) and (last - first + 1) * order[last].cost <= self._token_budget
            ]
            if not steps:
                break
            _, low, high = min(steps)
        chosen = order[low : high + 1]
        taken = set(map(id, chosen))
        self._queue = [waiting for waiting in self._queue if id(waiting) not in taken]
        return chosen

    def _answer(self, batch: list[_Waiting[Item, Result]]) -> None:
        try:
            results = self._run([waiting.item for waiting in batch])
            if len(results) != len(batch):
                raise RuntimeError(f"{len(results)} results for {len(batch)} items")
        except Exception as error:  # noqa: BLE001  # whatever it was belongs to the one who asked
            if len(batch) == 1:
                batch[0].future.set_exception(error)
                return
            # One bad item must not cost its neighbours their answers: halves find it in few calls.
            middle = len(batch) // 2
            self._answer(batch[:middle])
            self._answer(batch[middle:])
            return
        for waiting, result in zip(batch, results, strict=True):
            waiting.future.set_result(result)

    def _forget_cancelled(self) -> None:
        # Asked once each: one that is cancelled meanwhile stays, and is told when its turn comes.
        cancelled = {id(one) for one in self._queue if one.future.cancelled()}
        for one in self._queue:
            if id(one) in cancelled:
                one.future.set_running_or_notify_cancel()
        self._queue = [one for one in self._queue if id(one) not in cancelled]
