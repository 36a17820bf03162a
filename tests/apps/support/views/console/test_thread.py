"""What was said, as agents see it: notes without personal data, and what the customer has read."""

import re

import pytest
from django.test import Client

from apps.accounts.models import AuditEntry, User
from apps.support.models import Conversation, Note
from apps.support.services.notes import add_note
from tests.apps.support.factories import NOW, hand_over, make_conversation, say
from tests.apps.support.views.console.conftest import SignIn

pytestmark = pytest.mark.django_db
WRITTEN = "She is at mara@example.com again"


@pytest.fixture
def note(agent: User, conversation: Conversation) -> Note:
    return add_note(conversation=conversation, user=agent, client_id="n-1", body=WRITTEN, at=NOW)


def address(conversation: Conversation, action: str = "") -> str:
    return f"/support/conversations/{conversation.public_id}/{action}"


def seen(page: str) -> list[str]:
    """Numbers of the messages that are marked as seen."""
    bubbles = re.findall(r'data-seq="(\d+)".*?</li>', page, flags=re.DOTALL)
    marks = re.findall(r'data-seq="\d+"(.*?)</li>', page, flags=re.DOTALL)
    return [seq for seq, inner in zip(bubbles, marks, strict=True) if "data-seen>" in inner]


def test_a_note_is_shown_without_personal_data(desk: Client, note: Note) -> None:
    page = desk.get(address(note.conversation)).text

    assert "mara@example.com" not in page
    assert "She is at [EMAIL" in page
    assert f'id="reveal-note-{note.pk}"' in page


def test_what_is_taken_from_the_bot_was_never_in_the_queue(
    agent: User, desk: Client, conversation: Conversation
) -> None:
    Conversation.objects.update(owner=Conversation.Owner.BOT)
    desk.post(address(conversation, "take/"), {"revision": 0})

    page = desk.get(address(conversation)).text

    assert f"taken by {agent.username}" in page
    assert "To the queue:" not in page


def test_the_note_as_it_was_written_leaves_a_trace(agent: User, desk: Client, note: Note) -> None:
    assert WRITTEN in desk.post(address(note.conversation, f"notes/{note.pk}/reveal/")).text

    entry = AuditEntry.objects.get(action="support.note_revealed")
    assert (entry.actor, entry.subject) == (agent, str(note.conversation.public_id))
    assert "mara" not in str(entry.detail)


def test_a_note_is_revealed_to_who_may_and_where_it_is(
    auditor: User, desk: Client, sign_in: SignIn, note: Note
) -> None:
    reveal = f"notes/{note.pk}/reveal/"

    assert sign_in(auditor).post(address(note.conversation, reveal)).status_code == 403
    assert desk.get(address(note.conversation, reveal)).status_code == 405
    assert desk.post(address(make_conversation(), reveal)).status_code == 404
    assert desk.post(address(note.conversation, "notes/0/reveal/")).status_code == 404


@pytest.mark.parametrize(("is_given", "words"), [(True, "given to anna"), (False, "taken by anna")])
def test_the_thread_says_whether_somebody_took_it(
    agent: User, desk: Client, conversation: Conversation, is_given: bool, words: str
) -> None:
    hand_over(conversation, taken_by=agent, taken_at=NOW, is_given=is_given)

    assert words in desk.get(address(conversation)).text


def test_the_last_message_that_the_customer_has_read_is_marked(
    agent: User, desk: Client, conversation: Conversation
) -> None:
    replies = [say(conversation, f"Reply {place}", "agent", user=agent) for place in range(3)]
    assert seen(desk.get(address(conversation)).text) == []

    Conversation.objects.filter(pk=conversation.pk).update(visitor_read_seq=replies[1].seq)

    assert seen(desk.get(address(conversation, "live/")).text) == [str(replies[1].seq)]
