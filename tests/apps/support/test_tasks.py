"""One row that nobody foresaw, in work that goes through all of them."""

from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.support import tasks
from apps.support.models import Conversation, KnowledgeImport, Message
from apps.support.services import imports
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_visitor, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_desk")]


def late_with(agent: User) -> Conversation:
    return make_conversation(make_visitor(), agent=agent, response_due_at=NOW, breached_at=NOW)


def poison(conversation: Conversation) -> Message:
    """With a decision that tells less than this version looks for."""
    message = say(conversation, "where is it")
    make_decision(message, "track_order", detail={"questions": []})
    return message


def test_a_conversation_that_cannot_be_returned_keeps_no_other_with_an_absent_agent(agent: User) -> None:
    poisoned, other = late_with(agent), late_with(agent)
    poison(poisoned)
    asleep = make_conversation(
        make_visitor(), agent=agent, status="snoozed", snoozed_until=NOW + timedelta(hours=1)
    )

    with pytest.raises(ExceptionGroup):
        tasks.keep_time()

    owners = [Conversation.objects.get(pk=one.pk).owner for one in (poisoned, other)]
    assert owners == ["agent", "queue"]
    assert Conversation.objects.get(pk=asleep.pk).status == "open"


def test_a_file_that_cannot_be_masked_holds_up_no_other(lead: User) -> None:
    rows = [{"row": 1, "question": "Where is it?", "title": "", "answer": ""}]
    poisoned, other = (
        KnowledgeImport.objects.create(
            kind="dialogues", state="masking", filename=name, rows=kept, author=lead, created_at=NOW
        )
        for name, kept in (("a.csv", [{"row": 1}]), ("b.csv", rows))
    )

    with pytest.raises(ExceptionGroup):
        imports.mask_imports()

    states = [KnowledgeImport.objects.get(pk=one.pk).state for one in (poisoned, other)]
    assert states == ["masking", "preview"]
