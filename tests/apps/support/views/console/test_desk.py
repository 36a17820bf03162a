from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.support.models import CannedReply, Conversation
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_intent, make_visitor, say
from tests.apps.support.views.console.conftest import SignIn

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get("/support/").headers["Location"].startswith("/sign-in/")


def test_a_shopper_has_no_console(shopper: User, sign_in: SignIn, conversation: Conversation) -> None:
    browser = sign_in(shopper)

    for path in ("", "conversations/", f"conversations/{conversation.public_id}/"):
        assert browser.get(f"/support/{path}").status_code == 403


def test_the_queue_shows_what_was_said_without_personal_data(
    desk: Client, conversation: Conversation
) -> None:
    page = desk.get("/support/").text

    assert "My card [CARD] is gone" in page
    assert "4111111111111111" not in page
    assert "Mara Lind" in page


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "Nobody is waiting" in desk.get("/support/").text


@pytest.mark.parametrize(
    "address", ["?list=nonsense", "?shown=-1", "?shown=9" * 9, "?q=%00", "?tag=none&skill=none", "?shown=³"]
)
def test_a_malformed_address_shows_a_list_all_the_same(desk: Client, address: str) -> None:
    assert desk.get(f"/support/{address}").status_code == 200


def test_search_looks_into_masked_text(desk: Client, conversation: Conversation) -> None:
    assert "My card" in desk.get("/support/conversations/?q=CARD").text
    nothing = desk.get("/support/conversations/?q=4111").text
    assert "Nothing found in this list" in nothing
    assert "look in another list above" in nothing
    assert "Nobody is waiting" not in nothing


def test_lists_hold_what_is_theirs(agent: User, desk: Client) -> None:
    mine = make_conversation(agent=agent)
    say(mine, "this one is mine")
    done = make_conversation(make_visitor("Done"), status=Conversation.Status.RESOLVED, resolved_at=NOW)
    say(done, "this one is done")

    assert "this one is mine" in desk.get("/support/conversations/?list=mine").text
    assert "this one is done" in desk.get("/support/conversations/?list=resolved").text
    assert "this one" not in desk.get("/support/conversations/?list=queue").text


def test_a_conversation_opens_beside_the_list_or_as_a_page(desk: Client, conversation: Conversation) -> None:
    address = f"/support/conversations/{conversation.public_id}/"
    whole, beside = desk.get(address).text, desk.get(address, headers=FRAGMENT).text

    assert "desk-list" in whole
    assert "desk-list" not in beside
    assert "My card [CARD] is gone" in beside


def test_a_conversation_that_is_not_there_is_a_404(desk: Client) -> None:
    assert desk.get(f"/support/conversations/{uuid4()}/").status_code == 404


def test_the_thread_shows_how_sure_the_model_was_and_why(desk: Client, conversation: Conversation) -> None:
    make_intent("lost_card", title="Lost card", answer="Block it in the app.")
    make_intent("cancel_order")
    message = conversation.messages.get()
    make_decision(message, "lost_card", "cancel_order", confidence=0.4)

    page = desk.get(f"/support/conversations/{conversation.public_id}/").text

    for words in (
        "Lost card",
        "40 %",
        "answers from 90 %",
        "not sure enough",
        "near My card [CARD] is gone 0",
    ):
        assert words in page
    assert 'data-text="Block it in the app."' in page


def test_canned_replies_are_everybodys_and_ones_own(
    agent: User, colleague: User, desk: Client, conversation: Conversation
) -> None:
    for shortcut, owner in (("hello", None), ("mine", agent), ("theirs", colleague)):
        CannedReply.objects.create(shortcut=shortcut, title=shortcut, body="Hello!", owner=owner)

    page = desk.get(f"/support/conversations/{conversation.public_id}/").text

    assert "/hello" in page
    assert "/mine" in page
    assert "/theirs" not in page


def test_an_auditor_reads_and_gets_nothing_to_act_with(
    auditor: User, sign_in: SignIn, conversation: Conversation
) -> None:
    page = sign_in(auditor).get(f"/support/conversations/{conversation.public_id}/").text

    assert "My card [CARD] is gone" in page
    assert "Mara" not in page
    for mark in ('id="composer"', "do-take", "data-reveal", "do-tag"):
        assert mark not in page
