from datetime import timedelta
from uuid import UUID

import pytest

from apps.support.models import Conversation, Policy
from apps.support.services.conversations import is_held_out, start_conversation
from tests.apps.support.factories import NOW, make_conversation, make_visitor

pytestmark = pytest.mark.django_db


def test_a_visitor_has_one_current_conversation() -> None:
    visitor = make_visitor()

    assert start_conversation(visitor=visitor, at=NOW) == start_conversation(visitor=visitor, at=NOW)


def test_the_bot_owns_it_first_in_the_visitors_language() -> None:
    conversation = start_conversation(visitor=make_visitor(language="zh-hans"), at=NOW)

    assert (conversation.owner, conversation.language) == (Conversation.Owner.BOT, "zh-hans")


@pytest.mark.parametrize(("days", "is_new"), [(7, False), (8, True)])
def test_long_after_it_was_resolved_a_new_one_begins(days: int, is_new: bool) -> None:
    earlier = make_conversation(status=Conversation.Status.RESOLVED, resolved_at=NOW)

    now = start_conversation(visitor=earlier.visitor, at=NOW + timedelta(days=days))

    assert (now != earlier) == is_new


def test_everybody_is_held_out_where_the_policy_says_so() -> None:
    Policy.objects.create(pk=1, hold_out_share=0.5)

    drawn = [start_conversation(visitor=make_visitor(), at=NOW).is_hold_out for _ in range(40)]

    assert 5 < sum(drawn) < 35


def test_the_draw_follows_from_the_id_and_keeps_the_share() -> None:
    ids = [UUID(int=number) for number in range(4000)]

    drawn = [is_held_out(one, 0.1) for one in ids]

    assert drawn == [is_held_out(one, 0.1) for one in ids]
    assert 320 < sum(drawn) < 480
    assert not any(is_held_out(one, 0.0) for one in ids)
