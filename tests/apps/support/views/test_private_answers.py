"""What is told of customers is kept by no browser and no proxy."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.support.models import Conversation
from apps.support.services.visitors import make_token
from tests.apps.support.factories import make_conversation, make_visitor, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(db: None) -> Conversation:
    conversation = make_conversation(make_visitor())
    say(conversation, "Where is it?")
    return conversation


def is_kept_by_nobody(answer: Any) -> bool:
    return {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.parametrize(
    "path",
    ["conversations/{}/", "", "conversations/", "reports/outcomes.csv", "api/v1/support/conversations/{}/"],
)
def test_no_page_of_an_agent_or_a_lead(
    client: Client, lead: User, conversation: Conversation, path: str
) -> None:
    client.force_login(lead)
    path = path.format(conversation.public_id)

    answer = client.get(f"/{path}" if path.startswith("api") else f"/support/{path}")

    assert (answer.status_code, is_kept_by_nobody(answer)) == (200, True)


@pytest.mark.parametrize("path", ["events", "transcript"])
def test_nothing_that_a_visitor_reads(conversation: Conversation, path: str) -> None:
    token = make_token(conversation.visitor)

    answer = Client().get(f"/support/widget/{path}", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, is_kept_by_nobody(answer)) == (200, True)


def test_no_session(db: None) -> None:
    answer = Client().post("/support/widget/session", {}, "application/json")

    assert (answer.status_code, is_kept_by_nobody(answer)) == (201, True)
