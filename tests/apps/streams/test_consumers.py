from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.streams import selectors
from apps.streams.access import Reader
from apps.streams.services.events import append_event
from apps.streams.services.notifications import group_name
from tests.apps.streams.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)
STREAM = "chat:customer"
Open = Callable[..., Awaitable[Socket]]


@pytest.fixture
async def browse() -> AsyncIterator[Open]:
    sockets: list[Socket] = []

    async def open_socket(user: Reader, stream: str = STREAM, after: int | str = 0) -> Socket:
        socket = Socket(user, stream, after)
        sockets.append(socket)
        await socket.open()
        return socket

    yield open_socket
    for socket in sockets:
        await socket.close()


@database_sync_to_async
def write(count: int, stream: str = STREAM) -> None:
    for number in range(count):
        append_event(stream=stream, kind="message", payload={"number": number})


async def nudge(seq: int) -> None:
    await get_channel_layer().group_send(
        group_name(STREAM), {"type": "stream.grew", "stream": STREAM, "seq": seq}
    )


async def test_a_new_reader_gets_the_stream_from_its_start(customer: User, browse: Open) -> None:
    await write(3)

    assert await (await browse(customer)).read() == [1, 2, 3]


async def test_an_open_socket_gets_what_is_written(customer: User, browse: Open) -> None:
    socket = await browse(customer)
    assert await socket.read() == []
    await write(1)

    message = await socket.message()

    assert (message["seq"], message["kind"], message["payload"]) == (1, "message", {"number": 0})


async def test_a_dropped_socket_resumes_after_what_it_saw(customer: User, browse: Open) -> None:
    await write(2)
    await (await browse(customer)).close()
    await write(2)

    assert await (await browse(customer, after=2)).read() == [3, 4]


async def test_repeated_and_late_notifications_send_nothing_twice(customer: User, browse: Open) -> None:
    await write(3)
    socket = await browse(customer)
    await socket.read()

    for seq in (3, 1, 2, 3):
        await nudge(seq)

    assert await socket.hears_nothing(0.3)


async def test_a_gap_that_the_browser_found_is_sent_again(customer: User, browse: Open) -> None:
    await write(4)
    socket = await browse(customer)
    await socket.read()

    await socket.resume(2)

    assert await socket.read() == [3, 4]


async def test_who_missed_too_much_is_told_to_refresh(
    customer: User, browse: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "LONGEST_REPLAY", 3)
    await write(5)
    socket = await browse(customer)

    assert await socket.read() == [("refresh", 5)]
    await write(1)
    assert await socket.read() == [6]


async def test_who_is_ahead_of_the_stream_is_told_to_refresh(customer: User, browse: Open) -> None:
    await write(1)

    assert await (await browse(customer, after=99)).read() == [("refresh", 1)]


async def test_an_outsider_is_refused(outsider: User, browse: Open) -> None:
    await write(1)

    assert not (await browse(outsider)).is_open


async def test_who_is_not_signed_in_is_refused(browse: Open) -> None:
    assert not (await browse(AnonymousUser())).is_open


@pytest.mark.parametrize("stream", ["unknown:customer", "nothing", "chat:"])
async def test_a_stream_that_nobody_registered_is_refused(customer: User, browse: Open, stream: str) -> None:
    assert not (await browse(customer, stream)).is_open


async def test_access_that_ends_closes_the_open_socket(customer: User, browse: Open) -> None:
    socket = await browse(customer)
    await socket.read()
    customer.is_active = False
    await customer.asave()

    await write(1)

    assert await socket.close_code() == 4403


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"type": "resume"}', '{"type": "resume", "after": -1}', "x" * 2000]
)
async def test_nonsense_gets_a_sentence_and_ends(customer: User, browse: Open, text: str) -> None:
    socket = await browse(customer)
    await socket.read()

    await socket.say(text)

    assert (await socket.message())["code"] == "bad_message"
    assert await socket.close_code() == 4400


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "１"])
async def test_a_nonsense_position_starts_at_the_beginning(customer: User, browse: Open, after: str) -> None:
    await write(1)

    assert await (await browse(customer, after=after)).read() == [1]
