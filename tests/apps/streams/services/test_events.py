import concurrent.futures
from typing import Any

import pytest
from django.db import connection, transaction

from apps.streams import selectors
from apps.streams.models import Event, Outbox
from apps.streams.selectors import replayable_events
from apps.streams.services.events import EventError, append_event

pytestmark = pytest.mark.django_db(transaction=True)


def say(text: str, *, stream: str = "chat:customer") -> Event:
    return append_event(stream=stream, kind="message", payload={"text": text})


def run_at_once(count: int, task: object) -> None:
    def run(number: int) -> None:
        try:
            task(number)  # type: ignore[operator]  # any callable of one number
        finally:
            connection.close()

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        list(pool.map(run, range(count)))


def test_each_stream_counts_from_one() -> None:
    say("a")
    say("b")
    say("elsewhere", stream="chat:outsider")

    assert [event.seq for event in replayable_events("chat:customer", 0)] == [1, 2]
    assert [event.seq for event in replayable_events("chat:outsider", 0)] == [1]


def test_events_come_after_the_last_seen_in_order() -> None:
    for text in "abcde":
        say(text)

    assert [event.payload["text"] for event in replayable_events("chat:customer", 2)] == ["c", "d", "e"]


def test_more_than_can_be_replayed_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "LONGEST_REPLAY", 2)
    for text in "abc":
        say(text)

    assert replayable_events("chat:customer", 0) == []
    assert len(replayable_events("chat:customer", 1)) == 2


def test_what_was_written_is_what_is_read() -> None:
    written = say("naïve 你好")
    (read,) = replayable_events("chat:customer", 0)

    assert written == read
    assert (written.seq, written.kind, written.payload, written.created_at) == (
        (read.seq, read.kind, read.payload, read.created_at)
    )


def test_an_event_is_one_query_beside_its_telling(django_assert_num_queries: Any) -> None:
    say("the stream's first")

    with transaction.atomic(), django_assert_num_queries(1):
        say("another")


def test_simultaneous_events_get_every_number_once() -> None:
    run_at_once(100, lambda number: say(str(number)))

    assert [event.seq for event in replayable_events("chat:customer", 0)] == list(range(1, 101))


def test_what_is_rolled_back_leaves_no_gap() -> None:
    say("before")
    with transaction.atomic():
        say("lost")
        transaction.set_rollback(True)
    say("after")

    assert [(event.seq, event.payload["text"]) for event in replayable_events("chat:customer", 0)] == [
        (1, "before"),
        (2, "after"),
    ]


def test_a_told_event_leaves_the_outbox() -> None:
    say("hello")

    assert not Outbox.objects.exists()


def test_a_stream_without_prefix_is_a_sentence() -> None:
    with pytest.raises(EventError, match="name it like"):
        append_event(stream="chat", kind="message", payload={})
