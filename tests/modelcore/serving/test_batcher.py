"""Every item gets its own answer once, soon, and without paying for its neighbours."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from modelcore.serving import BatchReport, Closed, DynamicBatcher, Overloaded, TooLarge

Batcher = DynamicBatcher[int, int]
Make = Callable[..., Batcher]


class Model:
    """Doubles numbers; waits at the gate while it is closed; fails on a batch with a negative number."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.is_at_work = threading.Event()
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, items: list[int]) -> list[int]:
        self.is_at_work.set()
        self.gate.wait(10)
        self.batches.append(items)
        if min(items) < 0:
            raise ValueError("negative")
        return [2 * item for item in items]


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def make(model: Model) -> Iterator[Make]:
    made: list[Batcher] = []

    def make_one(**settings: object) -> Batcher:
        made.append(DynamicBatcher(model, cost=abs, **settings))  # type: ignore[arg-type]  # each test its own
        return made[-1]

    yield make_one
    model.gate.set()
    for batcher in made:
        batcher.close()


def hold(model: Model, batcher: Batcher) -> Future[int]:
    """Keep the worker busy with one item until the gate opens."""
    model.gate.clear()
    first = batcher.submit(1)
    assert model.is_at_work.wait(5)
    return first


def test_an_item_alone_is_answered_soon(make: Make) -> None:
    begun_at = time.monotonic()
    assert make(max_wait_seconds=0.01).submit(4).result(5) == 8
    assert time.monotonic() - begun_at < 1


def test_what_waits_goes_together(make: Make, model: Model) -> None:
    batcher = make()
    hold(model, batcher)
    futures = [batcher.submit(item) for item in (3, 1, 2)]
    model.gate.set()
    assert [future.result(5) for future in futures] == [6, 2, 4]
    assert model.batches[1] == [1, 2, 3]


def test_a_batch_stays_in_the_token_budget(make: Make, model: Model) -> None:
    reports: list[BatchReport] = []
    batcher = make(token_budget=100, on_batch=reports.append)
    hold(model, batcher)
    futures = [batcher.submit(random.Random(item).randint(1, 60)) for item in range(300)]
    model.gate.set()
    for future in futures:
        future.result(5)
    assert all(len(batch) * max(batch) <= 100 for batch in model.batches)
    batcher.close()
    assert sum(one.tokens for one in reports) > 0.9 * sum(one.padded_tokens for one in reports)


def test_an_item_waits_for_company_until_the_batch_is_full(make: Make, model: Model) -> None:
    batcher = make(token_budget=8, max_wait_seconds=30)
    first = batcher.submit(4)
    assert not model.is_at_work.wait(0.05)
    second = batcher.submit(4)
    assert [first.result(5), second.result(5)] == [8, 8]
    assert model.batches == [[4, 4]]


def test_the_oldest_is_in_the_next_batch(make: Make, model: Model) -> None:
    batcher = make(token_budget=100)
    hold(model, batcher)
    long = batcher.submit(90)
    short = [batcher.submit(2) for _ in range(200)]
    model.gate.set()
    long.result(5)
    for future in short:
        future.result(5)
    assert model.batches[1] == [90]


def test_a_full_queue_refuses_at_once(make: Make, model: Model) -> None:
    batcher = make(max_queue=3)
    hold(model, batcher)
    waiting = [batcher.submit(2) for _ in range(3)]
    begun_at = time.monotonic()
    with pytest.raises(Overloaded, match="3 texts are waiting"):
        batcher.submit(2)
    assert time.monotonic() - begun_at < 0.5
    waiting[0].cancel()
    batcher.submit(2)


class CancelledOnASecondLook(Future[int]):
    """Its caller gives up right after somebody asked whether that had happened."""

    def cancelled(self) -> bool:
        was_cancelled = super().cancelled()
        self.cancel()
        return was_cancelled


def test_an_item_that_is_cancelled_while_room_is_made_stops_nobody(make: Make, model: Model) -> None:
    batcher = make(max_queue=1)
    hold(model, batcher)
    batcher.submit(2)
    batcher._queue[0].future = CancelledOnASecondLook()
    with pytest.raises(Overloaded):
        batcher.submit(3)
    model.gate.set()
    while batcher._queue:
        time.sleep(0.001)
    assert batcher.submit(4).result(5) == 8


def test_an_item_over_the_budget_is_too_large(make: Make) -> None:
    with pytest.raises(TooLarge, match="101 tokens and a batch may have 100"):
        make(token_budget=100).submit(101)


def test_a_poisoned_item_fails_alone(make: Make, model: Model) -> None:
    batcher = make()
    hold(model, batcher)
    futures = [batcher.submit(item) for item in (1, 2, -3, 4, 5, 6, 7)]
    model.gate.set()
    with pytest.raises(ValueError, match="negative"):
        futures[2].result(5)
    assert [future.result(5) for future in futures if future is not futures[2]] == [2, 4, 8, 10, 12, 14]


def test_a_cancelled_item_is_not_run(make: Make, model: Model) -> None:
    batcher = make()
    hold(model, batcher)
    cancelled, kept = batcher.submit(50), batcher.submit(51)
    assert cancelled.cancel()
    model.gate.set()
    assert kept.result(5) == 102
    assert model.batches[1:] == [[51]]


def test_closing_answers_what_waits(make: Make, model: Model) -> None:
    batcher = make(token_budget=20)
    hold(model, batcher)
    futures = [batcher.submit(7) for _ in range(40)]
    threading.Timer(0.05, model.gate.set).start()
    batcher.close()
    assert [future.result(0) for future in futures] == [14] * 40
    with pytest.raises(Closed):
        batcher.submit(1)


def test_a_callback_may_close(make: Make) -> None:
    batcher = make()
    future = batcher.submit(2)
    closed = threading.Event()

    def close(_: Future[int]) -> None:
        batcher.close()
        closed.set()

    future.add_done_callback(close)
    assert closed.wait(5)


def test_a_model_that_forgets_an_item_fails_it() -> None:
    batcher: Batcher = DynamicBatcher(lambda items: items[1:], cost=abs)
    with pytest.raises(RuntimeError, match="0 results for 1 items"):
        batcher.submit(1).result(5)
    batcher.close()


def test_the_observer_sees_every_batch(make: Make, model: Model) -> None:
    reports: list[BatchReport] = []
    batcher = make(on_batch=reports.append)
    hold(model, batcher)
    futures = [batcher.submit(item) for item in (2, 10)]
    model.gate.set()
    for future in futures:
        future.result(5)
    batcher.close()
    assert [(one.size, one.tokens, one.padded_tokens) for one in reports] == [(1, 1, 1), (2, 12, 20)]
    assert all(0 <= seconds < 60 for one in reports for seconds in (*one.waited_seconds, one.run_seconds))


def test_an_observer_that_fails_stops_nobody(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    batcher = make(on_batch=lambda report: 1 / 0)
    assert [batcher.submit(item).result(5) for item in (1, 2)] == [2, 4]
    batcher.close()
    assert "not observed" in caplog.text


def test_a_thousand_threads_each_get_their_own_answer(make: Make, model: Model) -> None:
    reports: list[BatchReport] = []
    batcher = make(token_budget=500, max_queue=2000, on_batch=reports.append)
    cancelled: list[int] = []

    def ask(number: int) -> bool:
        item = number % 499 + 1
        future = batcher.submit(item)
        if number % 7 == 0 and future.cancel():
            cancelled.append(number)
            return True
        return future.result(30) == 2 * item

    with ThreadPoolExecutor(1000) as pool:
        assert all(pool.map(ask, range(5000)))
    batcher.close()
    assert sum(one.size for one in reports) == sum(map(len, model.batches)) == 5000 - len(cancelled)
