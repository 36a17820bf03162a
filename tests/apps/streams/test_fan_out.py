"""Many sockets of one process: what is read, asked and told once for all of them."""

from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.streams import access, tails
from apps.streams.access import Reader
from apps.streams.hub import hub
from apps.streams.replay import Missing, read_missing
from apps.streams.services.events import append_event
from tests.apps.streams.sockets import Open, Socket

pytestmark = pytest.mark.django_db(transaction=True)
STREAM = "progress:run"


@pytest.fixture
def follow(customer: User, enter: Open) -> Open:
    """Sockets that have caught up."""

    async def open_and_read(stream: str = STREAM) -> Socket:
        socket = await enter(customer, stream)
        await socket.read()
        return socket

    return open_and_read


@database_sync_to_async
def write(stream: str = STREAM) -> None:
    append_event(stream=stream, kind="progress", payload={"step": 1})


async def test_an_event_is_read_once_for_all_sockets(follow: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = [await follow() for _ in range(5)]
    readings: list[str] = []

    def counted(stream: str, audience: str, after: int) -> Missing:
        readings.append(stream)
        return read_missing(stream, audience, after)

    monkeypatch.setattr(tails, "read_missing", counted)
    await write()

    assert [await socket.read() for socket in sockets] == [[1]] * 5
    assert readings == [STREAM]


async def test_sockets_share_one_channel_of_the_layer(follow: Open) -> None:
    for stream in (STREAM, STREAM, "progress:other"):
        await follow(stream)

    assert len(get_channel_layer().channels) == 1


async def test_who_comes_after_the_last_has_left_hears_again(follow: Open) -> None:
    await (await follow()).close()
    socket = await follow()

    await write()

    assert await socket.read() == [1]


async def test_a_stream_is_heard_until_its_last_reader_leaves(follow: Open) -> None:
    staying, leaving, elsewhere = await follow(), await follow(), await follow("progress:other")
    await leaving.close()
    await elsewhere.close()

    await write()

    assert await staying.read() == [1]


async def test_a_socket_that_an_error_ended_is_not_told_any_more(
    follow: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = await follow(), await follow()
    with monkeypatch.context() as patch:
        patch.setattr("apps.streams.consumers.read_frame", lambda *_: 1 / 0)
        await broken.say("{}")
        with pytest.raises(ZeroDivisionError):
            await broken.browser.wait(5)

    assert len(hub()._members[STREAM]) == 1
    await write()
    assert await whole.read() == [1]


async def test_a_socket_that_breaks_holds_up_no_other(follow: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise OSError

    await follow()
    (first,) = hub()._members[STREAM]
    monkeypatch.setattr(first, "catch_up", fail)
    whole = await follow()
    await write()

    assert await whole.read() == [1]


async def ask(*asked: tuple[Reader, str]) -> list[bool]:
    answers: list[bool] = await database_sync_to_async(access.still_may_read)(asked)
    return answers


async def test_each_reader_has_their_own_answer(customer: User, outsider: User) -> None:
    outsider.is_active = False
    await outsider.asave()
    asked = [(customer, "chat:customer"), (outsider, "chat:outsider"), (customer, "chat:outsider")]

    assert await ask(*asked, (AnonymousUser(), STREAM)) == [True, False, False, True]


async def test_a_kind_is_asked_once_for_all_of_its_readers(customer: User, outsider: User) -> None:
    questions = []

    def each(asked: Any) -> list[bool]:
        questions.append(len(asked))
        return [stream != "room:2" for _, stream in asked]

    access.register("room", each)

    assert await ask((customer, "room:1"), (customer, STREAM), (outsider, "room:2")) == [True, True, False]
    assert questions == [2]
