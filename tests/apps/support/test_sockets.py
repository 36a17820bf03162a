"""A customer and an agent in one conversation, each over their own socket."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import OperationalError
from django.test import Client
from redis.exceptions import RedisError

from apps.accounts.models import User
from apps.streams.access import still_may_read
from apps.support import consumers, limits, streams
from apps.support.models import Conversation, Message, Policy, Visitor
from apps.support.services.ownership import take_conversation
from apps.support.services.visitors import guest_of, make_token, revoke_tokens
from tests.apps.support.factories import NOW, make_conversation, make_person, make_visitor, say
from tests.apps.support.sockets import Line

pytestmark = pytest.mark.django_db(transaction=True)
VISITORS = "/ws/support/visitor/"
RESUME = {"type": "resume", "after": 0}
SEND = {"type": "send", "client_id": "c-9", "payload": {"body": "Hello?"}}
Open = Callable[..., Awaitable[Line]]


@pytest.fixture
def mara(transactional_db: None) -> Visitor:
    return make_visitor()


@pytest.fixture
def agent(transactional_db: None) -> User:
    return make_person("agent")


@pytest.fixture
async def dial() -> AsyncIterator[Open]:
    lines: list[Line] = []

    async def open_line(path: str = VISITORS, **headers: str) -> Line:
        line = Line(path, headers=headers)
        assert await line.open()
        lines.append(line)
        return line

    yield open_line
    for line in lines:
        await line.close()


async def greet(line: Line, visitor: Visitor, after: int = 0) -> Line:
    await line.say(type="hello", token=make_token(visitor), after=after)
    return line


def cookie_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


async def test_the_first_message_begins_the_conversation(mara: Visitor, dial: Open) -> None:
    line = await greet(await dial(), mara)
    assert (await line.hear("caught_up"))["seq"] == 0

    await line.say(type="send", client_id="c-1", payload={"body": "Where is it?"})

    assert (await line.hear("sent"))["seq"] == 1
    event = await line.hear("event")
    assert (event["kind"], event["payload"]["body"]) == ("message", "Where is it?")


async def test_a_known_visitor_goes_on_where_they_were(mara: Visitor, dial: Open) -> None:
    conversation = await database_sync_to_async(make_conversation)(mara)
    for body in ("One", "Two", "Three"):
        await database_sync_to_async(say)(conversation, body)

    line = await greet(await dial(), mara, after=2)

    assert (await line.hear("event"))["payload"]["body"] == "Three"


@pytest.mark.parametrize("frame", [RESUME, SEND], ids=["resume", "send"])
async def test_an_open_socket_goes_on_in_the_conversation_that_is_shown(
    mara: Visitor, dial: Open, frame: dict[str, Any]
) -> None:
    await database_sync_to_async(make_conversation)(mara)
    line = await greet(await dial(), mara)
    await line.hear("caught_up")
    newer = await database_sync_to_async(make_conversation)(mara, created_at=NOW + timedelta(hours=1))
    await database_sync_to_async(say)(newer, "From another device")

    await line.say(**frame)

    event = await line.hear("event")
    assert (event["stream"], event["payload"]["body"]) == (newer.stream, "From another device")


async def test_an_agent_reads_masked_and_answers(mara: Visitor, agent: User, dial: Open) -> None:
    conversation = await database_sync_to_async(make_conversation)(mara)
    customer = await greet(await dial(), mara)
    await customer.say(type="send", client_id="c-1", payload={"body": "I am mara@example.com"})
    await customer.hear("sent")
    await database_sync_to_async(take_conversation)(conversation=conversation, user=agent, revision=0, at=NOW)
    cookie = await database_sync_to_async(cookie_of)(agent)

    desk = await dial(f"/ws/streams/{conversation.stream}/?after=0", cookie=cookie)
    heard = [await desk.hear("event") for _ in range(2)]
    await desk.say(type="send", client_id="a-1", payload={"body": "Hello Mara"})

    assert heard[0]["payload"]["body"] == "I am [EMAIL_ADDRESS]"
    told = heard[1]["payload"]
    assert (told["owner"], told["name"], told["is_given"]) == ("agent", "agent", False)
    while (event := await customer.hear("event"))["payload"].get("author") != "agent":
        pass
    assert (event["payload"]["name"], event["payload"]["body"]) == ("agent", "Hello Mara")


async def test_both_sides_see_each_other_typing_and_reading(mara: Visitor, agent: User, dial: Open) -> None:
    conversation = await database_sync_to_async(make_conversation)(mara)
    await database_sync_to_async(say)(conversation, "Hello")
    cookie = await database_sync_to_async(cookie_of)(agent)
    desk = await dial(f"/ws/streams/{conversation.stream}/?after=0", cookie=cookie)
    customer = await greet(await dial(), mara)
    await customer.hear("caught_up")

    await desk.say(type="signal", kind="read", payload={"seq": 1})
    assert (await customer.hear("signal"))["payload"] == {"side": "agent", "seq": 1}
    await customer.say(type="signal", kind="typing", payload={})

    heard = (await desk.hear("signal"))["payload"]
    assert heard == {"author": "customer", "name": "", "seconds": streams.TYPING_SECONDS}
    assert (await Conversation.objects.aget()).agent_read_seq == 1


async def test_an_agent_who_does_not_have_it_is_refused(mara: Visitor, agent: User, dial: Open) -> None:
    conversation = await database_sync_to_async(make_conversation)(mara)
    cookie = await database_sync_to_async(cookie_of)(agent)
    desk = await dial(f"/ws/streams/{conversation.stream}/?after=0", cookie=cookie)

    await desk.say(type="send", client_id="a-1", payload={"body": "Mine?"})

    assert (await desk.hear("refused"))["code"] == "not_owner"
    assert not await Message.objects.aexists()


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
async def test_a_wrong_token_is_refused(token: str, db: None, dial: Open) -> None:
    line = await dial()

    await line.say(type="hello", token=token, after=0)

    assert await line.closed_with() == 4401


async def test_a_token_that_is_revoked_ends_the_open_socket(mara: Visitor, dial: Open) -> None:
    await database_sync_to_async(make_conversation)(mara)
    line = await greet(await dial(), mara)
    await line.hear("caught_up")

    await database_sync_to_async(revoke_tokens)(visitor=mara)

    assert await line.closed_with() == 4403


async def test_a_visitor_who_greets_again_and_again_is_told_to_wait(
    mara: Visitor, dial: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HELLOS", 2)
    for _ in range(2):
        await (await greet(await dial(), mara)).hear("caught_up")

    assert await (await greet(await dial(), mara)).closed_with() == 4429


async def test_a_resume_counts_as_a_request(
    mara: Visitor, dial: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REQUESTS", 1)
    await database_sync_to_async(make_conversation)(mara)
    line = await greet(await dial(), mara)
    await line.hear("caught_up")

    await line.say(type="resume", after=0)
    await line.hear("caught_up")
    await line.say(type="resume", after=0)

    assert (await line.hear("error"))["code"] == "too_many"
    assert await line.closed_with() == 4429


async def test_a_customer_has_so_many_sockets_open_at_once(
    mara: Visitor, dial: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "SOCKETS", 2)
    first, second = [await greet(await dial(), mara) for _ in range(2)]
    await second.hear("caught_up")
    third = await greet(await dial(), mara)
    assert (await third.hear("error"))["code"] == "too_many"
    assert await third.closed_with() == 4429

    await greet(second, mara)  # the same socket again
    await second.hear("caught_up")
    await first.close()

    await (await greet(await dial(), mara)).hear("caught_up")


async def test_who_says_nothing_is_let_go(db: None, dial: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "HELLO_SECONDS", 0.1)

    assert await (await dial()).closed_with() == 4401


async def test_only_hello_means_something_at_first(db: None, dial: Open) -> None:
    line = await dial()

    await line.say(type="resume", after=0)

    assert "hello" in (await line.hear("error"))["detail"]
    assert await line.closed_with() == 4400


@pytest.mark.parametrize("error", [RedisError("full"), OperationalError("away")])
async def test_while_a_store_is_away_a_socket_says_so_and_ends(
    mara: Visitor, dial: Open, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(consumers, "spend_hello", fail)
    line = await greet(await dial(), mara)

    assert (await line.hear("error"))["code"] == "unavailable"
    assert await line.closed_with() == 1013


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [("https://shop.example", True), ("https://evil.example", False), ("null", False)],
)
async def test_other_sites_reach_visitors_only_by_the_policy(
    transactional_db: None, origin: str, is_let_in: bool
) -> None:
    await Policy.objects.acreate(pk=1, widget_origins=["https://shop.example"])
    visitors, people = (
        Line(path, headers={"origin": origin}) for path in (VISITORS, "/ws/streams/desk:support/")
    )

    assert (await visitors.open(), await people.open()) == (is_let_in, False)
    await visitors.close()


async def test_a_guest_reads_no_stream_of_people(mara: Visitor, dial: Open) -> None:
    conversation = await database_sync_to_async(make_conversation)()
    for stream in (conversation.stream, conversation.console, "desk:support"):
        assert await database_sync_to_async(still_may_read)([(guest_of(mara), stream)]) == [False]


@pytest.mark.parametrize("payload", [{"body": " "}, {"body": "x" * 10_001}, {}, "text"])
async def test_a_message_that_is_none_begins_no_conversation(mara: Visitor, dial: Open, payload: Any) -> None:
    line = await greet(await dial(), mara)

    await line.say(type="send", client_id="c-1", payload=payload)

    await line.hear("refused")
    assert not await Conversation.objects.aexists()


async def test_a_refusal_is_in_the_customers_language(db: None, dial: Open) -> None:
    line = await greet(await dial(), await database_sync_to_async(make_visitor)(language="zh-hans"))
    await line.hear("caught_up")

    await line.say(type="send", client_id="c-1", payload={"body": " "})

    assert (await line.hear("refused"))["detail"] == "文本为空，请写点内容。"


async def test_who_may_only_read_since_writes_no_more(mara: Visitor, agent: User, dial: Open) -> None:
    conversation = await database_sync_to_async(make_conversation)(mara, agent=agent)
    cookie = await database_sync_to_async(cookie_of)(agent)
    desk = await dial(f"/ws/streams/{conversation.stream}/?after=0", cookie=cookie)
    await agent.groups.aset([await Group.objects.aget(name="auditor")])

    await desk.say(type="send", client_id="a-1", payload={"body": "Still me"})

    assert (await desk.hear("refused"))["code"] == "not_allowed"
