import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.support.selectors.agents import colleagues, held_by_agents
from apps.support.services.routing import open_desks
from tests.apps.support.factories import make_conversation
from tests.apps.support.presence import come_online

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_desk")]


def test_agents_hold_what_is_open_with_them(agent: User, lead: User) -> None:
    for status in ("open", "open", "snoozed", "resolved"):
        make_conversation(agent=agent, status=status)
    make_conversation(agent=lead, status="resolved")
    make_conversation()
    come_online(agent, lead)

    assert held_by_agents() == {agent.pk: 2}
    assert {desk.user: desk.held for desk in open_desks()} == {agent: 2, lead: 0}
    assert {one.user: one.has for one in colleagues(make_conversation())} == {agent: 2, lead: 0}


def test_the_routing_reads_no_history_of_agents(agent: User) -> None:
    """Asked every second, of people who have had thousands of conversations."""
    come_online(agent)

    with CaptureQueriesContext(connection) as queries:
        open_desks()

    asked = [query["sql"] for query in queries if "support_conversation" in query["sql"]]
    assert len(asked) == 1
    assert """"status" = 'open'""" in asked[0].partition(" WHERE ")[2]
