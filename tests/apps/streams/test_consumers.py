import asyncio

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.streams import selectors
from apps.streams.consumers import StreamConsumer
from apps.streams.services.events import append_event
from apps.streams.services.notifications import group_name
from tests.apps.streams.sockets import Open

pytestmark = pytest.mark.django_db(transaction=True)
STREAM = "chat:customer"


@database_sync_to_async
def write(count: int, stream: str = STREAM) -> None:
    for number in range(count):
        append_event(stream=stream, kind="message", payload={"number": number})


async def nudge(seq: int) -> None:
    await get_channel_layer().group_send(
        group_name(STREAM), {"type": "stream.grew", "stream": STREAM, "seq": seq}
    )


async def test_a_new_reader_gets_the_stream_from_its_start(customer: User, enter: Open) -> None:
    await write(3)

    assert await (await enter(customer, STREAM)).read() == [1, 2, 3]


async def test_an_open_socket_gets_what_is_written(customer: User, enter: Open) -> None:
    socket = await enter(customer, STREAM)
    assert await socket.read() == []
    await write(1)

    message = await socket.message()

    assert (message["seq"], message["kind"], message["payload"]) == (1, "message", {"number": 0})


async def test_a_dropped_socket_resumes_after_what_it_saw(customer: User, enter: Open) -> None:
    await write(2)
    await (await enter(customer, STREAM)).close()
    await write(2)

    assert await (await enter(customer, STREAM, after=2)).read() == [3, 4]


async def test_repeated_and_late_notifications_send_nothing_twice(customer: User, enter: Open) -> None:
    await write(3)
    socket = await enter(customer, STREAM)
    await socket.read()

    for seq in (3, 1, 2, 3):
        await nudge(seq)

    assert await socket.hears_no_event(0.3)


async def test_what_is_told_during_the_handshake_comes_after_it(
    customer: User, enter: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(3)
    accept = StreamConsumer.accept

    async def accept_late(socket: StreamConsumer) -> None:
        await nudge(3)
        await asyncio.sleep(0.2)
        await accept(socket)

    monkeypatch.setattr(StreamConsumer, "accept", accept_late)
    socket = await enter(customer, STREAM)

    assert await socket.read() == [1, 2, 3]
    assert await socket.hears_no_event(0.2)


async def test_a_gap_that_the_browser_found_is_sent_again(customer: User, enter: Open) -> None:
    await write(4)
    socket = await enter(customer, STREAM)
    await socket.read()

    await socket.resume(2)

    assert await socket.read() == [3, 4]


async def test_going_back_again_and_again_ends_the_socket(customer: User, enter: Open) -> None:
    await write(4)
    socket = await enter(customer, STREAM)
    await socket.read()
    await socket.resume(0)
    assert await socket.read() == [1, 2, 3, 4]

    await socket.resume(4)
    assert await socket.read() == []
    await socket.resume(0)

    assert (await socket.message())["code"] == "too_fast"
    assert await socket.close_code() == 4429


async def test_who_missed_too_much_is_told_to_refresh(
    customer: User, enter: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "LONGEST_REPLAY", 3)
    await write(5)
    socket = await enter(customer, STREAM)

    assert await socket.read() == [("refresh", 5)]
    await write(1)
    assert await socket.read() == [6]


async def test_who_is_ahead_of_the_stream_is_told_to_refresh(customer: User, enter: Open) -> None:
    await write(1)

    assert await (await enter(customer, STREAM, after=99)).read() == [("refresh", 1)]


async def test_an_outsider_is_refused(outsider: User, enter: Open) -> None:
    await write(1)

    assert not (await enter(outsider, STREAM)).is_open


async def test_who_is_not_signed_in_is_refused(enter: Open) -> None:
    assert not (await enter(AnonymousUser(), STREAM)).is_open


@pytest.mark.parametrize("stream", ["unknown:customer", "nothing", "chat:"])
async def test_a_stream_that_nobody_registered_is_refused(customer: User, enter: Open, stream: str) -> None:
    assert not (await enter(customer, stream)).is_open


async def test_access_that_ends_closes_the_open_socket(customer: User, enter: Open) -> None:
    socket = await enter(customer, STREAM)
    await socket.read()
    customer.is_active = False
    await customer.asave()

    await write(1)

    assert await socket.close_code() == 4403


NO_NUMBER = '{"type": "resume", "after": ' + "1" * 5000 + "}"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"type": "resume"}', '{"type": "resume", "after": -1}', "x" * 2000, NO_NUMBER]
)
async def test_nonsense_gets_a_sentence_and_ends(customer: User, enter: Open, text: str) -> None:
    socket = await enter(customer, STREAM)
    await socket.read()

    await socket.say(text)

    assert (await socket.message())["code"] == "bad_message"
    assert await socket.close_code() == 4400


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "１"])
async def test_a_nonsense_position_starts_at_the_beginning(customer: User, enter: Open, after: str) -> None:
    await write(1)

    assert await (await enter(customer, STREAM, after=after)).read() == [1]
