from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.support.models import Conversation, Visitor
from apps.support.selectors.queue import Desk, Wanted, desk_list
from tests.apps.support.factories import NOW, make_conversation, make_intent, make_person, make_visitor, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None) -> User:
    return make_person("anna")


def test_a_list_takes_as_many_queries_for_many_as_for_one(agent: User) -> None:
    counts = []
    for place in range(3):
        conversation = make_conversation(Visitor.objects.first() or make_visitor())
        say(conversation, f"hello {place}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk_list(Wanted(), agent)
        counts.append(len(queries))

    assert counts == [counts[0]] * 3
    assert counts[0] <= 2


def test_the_queue_begins_with_whoever_must_be_answered_first(agent: User) -> None:
    late = make_conversation(response_due_at=NOW)
    soon = make_conversation(response_due_at=NOW + timedelta(minutes=5))
    idle = make_conversation()

    rows = desk_list(Wanted(Desk.QUEUE), agent).rows

    assert list(rows) == [late, soon, idle]


def test_a_row_says_what_was_said_last_and_whether_it_was_read(agent: User) -> None:
    make_intent("track_order")
    conversation = make_conversation(intent="track_order")
    say(conversation, "first")
    last = say(conversation, "second", masked="[NAME]")

    (row,) = desk_list(Wanted(), agent).rows
    assert (row.last["text"], row.is_unread, row.intent_title) == ("[NAME]", True, "Track an order")  # type: ignore[attr-defined]  # annotated

    Conversation.objects.update(agent_read_seq=last.seq)
    (row,) = desk_list(Wanted(), agent).rows
    assert not row.is_unread  # type: ignore[attr-defined]  # annotated


@pytest.mark.parametrize(("owner", "status"), [("bot", "open"), ("queue", "resolved")])
def test_nobody_has_to_read_what_the_bot_answers_or_what_is_over(
    agent: User, owner: str, status: str
) -> None:
    say(make_conversation(owner=owner, status=status), "Thank you!")

    (row,) = desk_list(Wanted(desk=Desk(status)), agent).rows
    assert not row.is_unread  # type: ignore[attr-defined]  # annotated


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("parc", True),
        ("late PARCEL", True),
        ("arcel", False),
        ("包裹", True),
        ("在哪里？ parc", True),
        ("裹包", False),
        ("ราคา", True),
        ("[card]", True),
        ("?!", False),
        ("ORD-48213", True),
        ("48213", True),
        ("ord-482", True),
        ("59.90", True),
        ("¥59", True),
        ("2024-05-03", True),
        ("shop.example", True),
        ("returns", True),
        ("mara@shop.example", True),
        ("heute", True),
        ("12-A7", True),
    ],
)
def test_search_finds_the_beginnings_of_words(agent: User, text: str, is_found: bool) -> None:
    say(
        make_conversation(),
        "My parcel is late, [CARD] 我的包裹在哪里 บอกราคา: ORD-48213 of 2024-05-03, 59.90. ¥59.90，12-A7"
        " Mail mara@shop.example, see https://www.shop.example/returns?x=1, für Zoë—heute",
    )

    assert bool(desk_list(Wanted(text=text), agent).rows) is is_found


def test_only_so_much_is_shown_and_more_is_offered(agent: User) -> None:
    visitor = make_visitor()
    for _ in range(3):
        make_conversation(visitor)

    found = desk_list(Wanted(shown=2), agent)

    assert (len(found.rows), found.has_more) == (2, True)
