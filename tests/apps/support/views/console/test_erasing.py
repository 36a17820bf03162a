"""A customer is erased from the console, by who may, after a question that says what goes."""

from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import AuditEntry, User
from apps.support.models import Conversation, Erasure
from apps.support.services.notes import add_note
from apps.support.services.visitors import VisitorTokenError, make_token, verify_token
from tests.apps.support.factories import NOW, make_decision, make_intent
from tests.apps.support.views.console.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(lead: User, sign_in: SignIn) -> Client:
    """The browser of the lead."""
    return sign_in(lead)


def address(conversation: Conversation, action: str = "erase/") -> str:
    return f"/support/conversations/{conversation.public_id}/{action}"


def erase(browser: Client, conversation: Conversation) -> str:
    return browser.post(address(conversation), {"visitor": conversation.visitor.public_id}).text


def test_the_question_says_what_goes(agent: User, office: Client, conversation: Conversation) -> None:
    add_note(conversation=conversation, user=agent, client_id="n-1", body="ask the bank", at=NOW)

    asked = office.get(address(conversation)).text

    for words in ("what was said in 1 conversation", "the words of 1 message", "1 note"):
        assert words in asked
    assert not Erasure.objects.exists()


def test_the_lead_erases_and_is_shown_that_it_is_gone(
    lead: User, office: Client, conversation: Conversation
) -> None:
    make_intent("lost_card")
    make_decision(conversation.messages.get(), "lost_card", confidence=0.4)

    page = erase(office, conversation)

    assert "This customer was erased." in page
    assert "My card" not in page
    assert AuditEntry.objects.get(action="support.customer_erased").actor == lead


def test_what_is_erased_can_only_be_looked_at(office: Client, conversation: Conversation) -> None:
    erase(office, conversation)

    page = office.get(address(conversation, "")).text

    for mark in ('id="composer"', "do-reopen", "do-erase", 'id="contact"', "do-correct"):
        assert mark not in page
    for action, said in (("reopen/", {}), ("note/", {"client_id": "n-2", "body": "call her"})):
        assert "This customer was erased; nothing" in office.post(address(conversation, action), said).text


@pytest.mark.parametrize("said", [{}, {"visitor": "yes"}, {"visitor": uuid4()}])
def test_without_the_customers_own_id_nothing_is_erased(
    office: Client, conversation: Conversation, said: dict[str, str]
) -> None:
    assert office.post(address(conversation), said).status_code == 400
    assert not Erasure.objects.exists()


def test_an_agent_may_not_and_is_not_offered_it(desk: Client, conversation: Conversation) -> None:
    assert "do-erase" not in desk.get(address(conversation, "")).text
    assert desk.get(address(conversation)).status_code == 403
    assert desk.post(address(conversation), {"visitor": conversation.visitor.public_id}).status_code == 403
    assert not Erasure.objects.exists()


def test_what_is_not_there_is_a_404(office: Client) -> None:
    assert office.get(f"/support/conversations/{uuid4()}/erase/").status_code == 404
    assert office.post(f"/support/conversations/{uuid4()}/erase/").status_code == 404


def test_twice_changes_nothing(office: Client, conversation: Conversation) -> None:
    assert "was erased" in erase(office, conversation)
    assert "was erased" in erase(office, conversation)
    assert Erasure.objects.count() == 1


def test_a_lead_ends_the_customers_sessions(office: Client, conversation: Conversation) -> None:
    token = make_token(conversation.visitor)

    assert "begin anew" in office.post(address(conversation, "sessions/end/")).text

    with pytest.raises(VisitorTokenError):
        verify_token(token)
    assert AuditEntry.objects.filter(action="support.sessions_ended").exists()


def test_an_agent_ends_no_sessions(agent: User, sign_in: SignIn, conversation: Conversation) -> None:
    assert sign_in(agent).post(address(conversation, "sessions/end/")).status_code == 403
    assert verify_token(make_token(conversation.visitor)) == conversation.visitor
