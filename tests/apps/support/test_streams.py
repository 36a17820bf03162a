"""Who may read which stream, asked of many at once as the open sockets are."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from apps.accounts.models import User
from apps.streams.access import still_may_read
from apps.streams.services.events import append_event
from apps.support.models import Visitor
from apps.support.models.conversations import DESK
from apps.support.selectors.agents import presence_name
from apps.support.selectors.rendering import FOR_CUSTOMER, payloads, present
from apps.support.services.visitors import guest_of, revoke_tokens
from tests.apps.support.factories import make_conversation, make_person, make_visitor

pytestmark = pytest.mark.django_db
Queries = Callable[..., AbstractContextManager[Any]]


def test_visitors_read_their_own_conversation_alone() -> None:
    mara, jo = make_visitor(), make_visitor("Jo")
    own, others = make_conversation(mara).stream, make_conversation(jo).stream

    asked = [(guest_of(mara), stream) for stream in (own, others, own.upper(), "conversation:nothing", DESK)]

    assert still_may_read(asked) == [True, False, False, False, False]


def test_a_revoked_token_and_an_erased_visitor_read_nothing() -> None:
    mara, jo = make_visitor(), make_visitor("Jo")
    asked = [(guest_of(one), make_conversation(one).stream) for one in (mara, jo)]

    revoke_tokens(visitor=mara)
    Visitor.objects.filter(pk=jo.pk).update(erased_at=jo.created_at)

    assert still_may_read(asked) == [False, False]


def test_a_guest_of_another_app_is_nobody_here() -> None:
    mara = make_visitor()
    stranger = replace(guest_of(mara), app="shop")

    assert still_may_read([(stranger, make_conversation(mara).stream)]) == [False]


def test_agents_read_conversations_consoles_and_the_desk_while_they_are_agents() -> None:
    agent, former, outsider = make_person("agent"), make_person("former"), make_person("outsider", "")
    conversation = make_conversation()
    former.groups.clear()

    for stream in (conversation.stream, conversation.console, DESK):
        assert still_may_read([(one, stream) for one in (agent, former, outsider)]) == [True, False, False]


def test_many_readers_cost_as_many_queries_as_one(django_assert_max_num_queries: Queries) -> None:
    asked: list[Any] = [(make_person(f"agent-{number}"), DESK) for number in range(10)]
    visitors = [make_visitor() for _ in range(10)]
    asked += [(guest_of(one), make_conversation(one).stream) for one in visitors]

    with django_assert_max_num_queries(3):
        assert all(still_may_read(asked))


def test_customers_recognise_who_answers_them_among_those_who_are_here(agent: User) -> None:
    conversation = make_conversation(agent=agent)
    owner = {"owner": "agent", "agent": agent.pk, "is_given": False}
    event = append_event(stream=conversation.stream, kind="owner", payload=owner)
    (told,) = payloads(FOR_CUSTOMER, conversation.stream, [event])

    here = present(FOR_CUSTOMER, conversation.stream, [presence_name(agent), presence_name(make_person("b"))])

    assert told["agent"] in here["agents"]
    assert len(here["agents"]) == 2
    assert not any(agent.username in key for key in here["agents"])
