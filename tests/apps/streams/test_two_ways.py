"""What readers send, and what is told of this moment alone."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import Group

from apps.accounts.models import User
from apps.streams import access, hub
from apps.streams.access import Presence, Reader, RefusedError, Rendering
from apps.streams.models import Event
from apps.streams.services.events import append_event
from tests.apps.streams.sockets import Open, Socket

pytestmark = pytest.mark.django_db(transaction=True)
STREAM = "room:1"


def take(reader: Reader, stream: str, client_id: str, payload: Any) -> int:
    if payload == "bad":
        raise RefusedError("bad_payload", "Not this.")
    return append_event(stream=stream, kind="said", payload=payload).seq


def shout(audience: str, stream: str, events: Sequence[Event]) -> list[Any]:
    return [f"{audience}: {event.payload}" for event in events]


@pytest.fixture(autouse=True)
def rooms(chat_streams: None) -> None:
    access.register(
        "room",
        lambda asked: [not str(reader).startswith("banned") for reader, _ in asked],
        rendering=Rendering(str, shout),
        presence=Presence(str, lambda audience, stream, names: sorted(names)),
        on_send=take,
        on_signal=lambda reader, stream, kind, payload: {"who": str(reader)} if kind == "typing" else None,
    )


async def say(socket: Socket, payload: Any = "hello", client_id: str = "c-1") -> None:
    await socket.say(json.dumps({"type": "send", "client_id": client_id, "payload": payload}))


async def next_of(socket: Socket, kind: str) -> dict[str, Any]:
    while (message := await socket.message())["type"] != kind:
        pass
    return message


async def test_what_is_sent_is_stored_and_confirmed(customer: User, enter: Open) -> None:
    socket = await enter(customer, STREAM)

    await say(socket)

    sent = await next_of(socket, "sent")
    assert (sent["client_id"], sent["seq"]) == ("c-1", 1)
    assert await Event.objects.acount() == 1


async def test_each_audience_gets_its_own_words(customer: User, outsider: User, enter: Open) -> None:
    sockets = [await enter(customer, STREAM), await enter(outsider, STREAM)]

    await say(sockets[0])

    told = [(await next_of(socket, "event"))["payload"] for socket in sockets]
    assert told == ["customer: hello", "outsider: hello"]


async def test_what_is_refused_is_said_with_its_client_id(customer: User, enter: Open) -> None:
    socket = await enter(customer, STREAM)

    await say(socket, "bad")

    refused = await next_of(socket, "refused")
    assert (refused["client_id"], refused["code"]) == ("c-1", "bad_payload")


async def test_a_stream_that_takes_nothing_says_so(customer: User, enter: Open) -> None:
    socket = await enter(customer, "chat:customer")

    await say(socket)

    assert (await next_of(socket, "refused"))["code"] == "read_only"


async def test_others_hear_a_signal_and_nobody_stores_it(customer: User, outsider: User, enter: Open) -> None:
    typing, listening = await enter(customer, STREAM), await enter(outsider, STREAM)
    await listening.read()

    await typing.say(json.dumps({"type": "signal", "kind": "typing"}))

    heard = await next_of(listening, "signal")
    while heard["kind"] == "presence":
        heard = await next_of(listening, "signal")
    assert heard["payload"] == {"who": "customer"}
    assert not await Event.objects.aexists()


async def test_who_is_there_is_told_and_forgotten(
    customer: User, outsider: User, enter: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TICK_SECONDS", 0.1)
    monkeypatch.setattr("apps.streams.presence.EXPIRES_SECONDS", 0.5)
    staying, leaving = await enter(customer, STREAM), await enter(outsider, STREAM)

    async def told_of(names: list[str]) -> bool:
        return bool((await next_of(staying, "signal"))["payload"] == names)

    while not await told_of(["customer", "outsider"]):
        pass
    await leaving.close()
    async with asyncio.timeout(5):
        while not await told_of(["customer"]):
            pass


async def test_rights_that_change_close_a_quiet_socket(customer: User, enter: Open) -> None:
    socket = await enter(customer, STREAM)
    await socket.read()
    customer.username = "banned"
    await customer.asave()

    assert await closed_with(socket) == 4403


async def test_a_new_role_is_no_reason_to_close(customer: User, enter: Open) -> None:
    socket = await enter(customer, STREAM)
    await socket.read()

    await customer.groups.aadd(await Group.objects.aget(name="agent"))
    await say(socket)

    assert (await next_of(socket, "sent"))["seq"] == 1


async def test_what_no_notification_told_is_found(
    customer: User, enter: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TICK_SECONDS", 0.1)
    monkeypatch.setattr(hub, "POSITIONS_EVERY_SECONDS", 0.1)
    monkeypatch.setattr("apps.streams.services.events.tell_listeners", lambda **_: None)
    socket = await enter(customer, STREAM)
    await socket.read()

    await database_sync_to_async(take)(customer, STREAM, "c-1", "unheard")

    assert (await next_of(socket, "event"))["seq"] == 1


async def test_who_sends_too_fast_is_cut_off(customer: User, enter: Open) -> None:
    socket = await enter(customer, STREAM)

    for _ in range(50):
        await socket.say(json.dumps({"type": "signal", "kind": "nothing"}))

    assert await closed_with(socket) == 4429


async def closed_with(socket: Socket) -> int:
    while (output := await socket.browser.receive_output(5))["type"] != "websocket.close":
        pass
    code: int = output["code"]
    return code
