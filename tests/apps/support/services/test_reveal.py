import pytest

from apps.accounts.models import AuditEntry, User
from apps.support.errors import NotAllowedError
from apps.support.services.reveal import reveal_message, reveal_visitor
from tests.apps.support.factories import make_conversation, say

pytestmark = pytest.mark.django_db
SAID = "Call me on +49 171 1234567"


def test_an_agent_sees_the_original_and_leaves_a_trace(agent: User) -> None:
    message = say(make_conversation(agent=agent), SAID, masked="Call me on [PHONE_NUMBER]")

    assert reveal_message(message=message, actor=agent) == SAID

    entry = AuditEntry.objects.get(action="support.message_revealed")
    assert (entry.actor, entry.subject) == (agent, str(message.conversation.public_id))
    assert "171 1234567" not in str(entry.detail)


def test_who_has_no_role_sees_nothing_and_leaves_no_trace(outsider: User) -> None:
    message = say(make_conversation(), SAID)

    for reveal in (
        lambda: reveal_message(message=message, actor=outsider),
        lambda: reveal_visitor(visitor=message.conversation.visitor, actor=outsider),
    ):
        with pytest.raises(NotAllowedError):
            reveal()
    assert not AuditEntry.objects.filter(action__startswith="support.").exists()
