"""Files that somebody imported hold what an erased customer said, too."""

import pytest

from apps.accounts.models import User
from apps.support.models import Intent, KnowledgeImport, Visitor
from apps.support.services.erasure import LOOKED_AGAIN_AFTER, erase_customer, finish_erasures
from apps.support.services.suggestions import unanswered_questions
from tests.apps.support.factories import NOW, make_conversation, make_example, say

WORDS = "where is my zebra-striped umbrella"


@pytest.fixture
def visitor(lead: User, tracking: Intent) -> Visitor:
    """What they said is an example, and stands in a file as well."""
    message = say(make_conversation(), WORDS)
    make_example(tracking, WORDS, message=message)
    KnowledgeImport.objects.create(
        kind=KnowledgeImport.Kind.DIALOGUES,
        rows=[{"question": text, "intent": ""} for text in (WORDS, "where is my hat")],
        author=lead,
        created_at=NOW,
        imported_at=NOW,
    )
    return message.conversation.visitor


def test_rows_that_ask_the_same_go(visitor: Visitor, lead: User) -> None:
    erasure = erase_customer(visitor=visitor, actor=lead, at=NOW)
    finish_erasures(at=NOW)
    finish_erasures(at=NOW + LOOKED_AGAIN_AFTER)

    assert [row["question"] for row in KnowledgeImport.objects.get().rows] == ["where is my hat"]
    erasure.refresh_from_db()
    assert erasure.removed["imported rows"] == 1


def test_until_then_nobody_is_shown_them_as_unanswered(visitor: Visitor, lead: User) -> None:
    erase_customer(visitor=visitor, actor=lead, at=NOW)

    assert [one.text for one in unanswered_questions(at=NOW)] == ["where is my hat"]
