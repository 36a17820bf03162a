from datetime import timedelta

import pytest
from django.utils import timezone

from apps.streams import access
from apps.streams.models import Event, Stream
from apps.streams.selectors import replayable_events, stream_position
from apps.streams.services.events import append_event
from apps.streams.services.retention import prune_events

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def progress_is_kept_a_day(chat_streams: None) -> None:
    access.register("progress", lambda asked: [True for _ in asked], keep=timedelta(days=1))


def write(stream: str, *ages_in_days: float) -> None:
    for age in ages_in_days:
        event = append_event(stream=stream, kind="k", payload={})
        Event.objects.filter(pk=event.pk).update(created_at=timezone.now() - timedelta(days=age))


def test_old_progress_goes_and_recent_progress_stays() -> None:
    write("progress:1", 3, 2, 0.5)

    assert prune_events(at=timezone.now()) == 2
    assert list(Event.objects.values_list("seq", flat=True)) == [3]


def test_conversations_stay_for_ever() -> None:
    write("chat:customer", 1000)

    assert prune_events(at=timezone.now()) == 0


def test_a_reader_of_removed_events_has_to_refresh() -> None:
    write("progress:1", 3, 2, 0.5)
    prune_events(at=timezone.now())
    position = stream_position("progress:1")

    assert [position.is_replayable(after) for after in (1, 2)] == [False, True]
    assert [len(replayable_events("progress:1", after)) for after in (1, 2)] == [0, 1]


def test_numbers_go_on_after_pruning() -> None:
    write("progress:1", 3)
    prune_events(at=timezone.now())
    write("progress:1", 0)

    assert Stream.objects.get().last_seq == 2
