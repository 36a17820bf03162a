"""The lists and the search of a desk as busy as a year makes it, which is made once."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from apps.accounts.models import User
from apps.support.models import Conversation, Message
from apps.support.selectors.queue import Desk, Wanted, desk_counts, desk_list, saying
from tests.apps.support.factories import NOW, make_person, make_visitor

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("busy desk")]
MANY = 5000
SAID_IN_EACH = 8
# 400 to 700 as it is planned; one reading of all messages is some thousand more.
MOST_PAGES = 1_500
WORDS = ["parcel", "refund", "card", "size", *(f"word{place}" for place in range(400))]


@pytest.fixture(scope="module")
def agent(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """Of a desk with 5,000 conversations of 8 messages each, on all lists."""
    with django_db_blocker.unblock(), transaction.atomic():
        user, colleague = make_person("anna"), make_person("ben")
        draw = random.Random(3)
        talk_much(make_conversations(user, colleague, draw), draw)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # statistics as a used database has them
        yield user
        transaction.set_rollback(True)


def make_conversations(agent: User, colleague: User, draw: random.Random) -> list[Conversation]:
    visitor = make_visitor()
    owners = [("queue", None), ("agent", agent), ("bot", None), ("agent", None)]
    rows = []
    for place in range(MANY):
        owner, who = draw.choice(owners)
        at = NOW - timedelta(minutes=place)
        rows.append(
            Conversation(
                visitor=visitor,
                owner=owner,
                agent=who or (colleague if owner == "agent" else None),
                status=draw.choice(["open", "open", "snoozed", "resolved"]),
                intent="track_order",
                created_at=at,
                last_message_at=at,
                response_due_at=at if owner == "queue" else None,
            )
        )
    return Conversation.objects.bulk_create(rows)


def talk_much(conversations: list[Conversation], draw: random.Random) -> None:
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            seq=seq,
            author="customer" if seq % 2 else "bot",
            client_id=str(seq),
            body="",
            masked=" ".join(draw.choices(WORDS, k=14)),
            created_at=NOW,
        )
        for conversation in conversations
        for seq in range(1, SAID_IN_EACH + 1)
    )


def pages_read(wanted: Wanted, agent: User) -> int:
    """Pages of 8 KiB that PostgreSQL looks at for a list with its counts, each as often as it does."""
    with CaptureQueriesContext(connection) as queries:
        desk_list(wanted, agent)
        desk_counts(agent)
    pages = 0
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query['sql']}")
            ((plan,),) = cursor.fetchall()
            pages += plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
    return pages


def test_lists_of_5000_conversations_are_read_at_once(agent: User) -> None:
    asked = [
        *(Wanted(desk) for desk in Desk),
        Wanted(Desk.OPEN, text="refund car"),
        Wanted(text="nobody said"),
    ]

    pages = {(wanted.desk.value, wanted.text): pages_read(wanted, agent) for wanted in asked}

    assert max(pages.values()) <= MOST_PAGES, pages


@pytest.mark.parametrize("text", ["word17 refund", "订单"])
def test_search_asks_the_index_of_words(agent: User, text: str) -> None:
    plan = saying(text).explain()

    assert "support_message_said" in plan
