"""The same as for the API of the registry, about a conversation that is there."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts.models import User
from apps.accounts.rates import limiter
from apps.support.models import Decision
from tests.apps.schema import (
    check_no_server_error,
    connected_as_the_test,
    described,
    few_examples,
    session_of,
)
from tests.apps.support.factories import make_conversation, make_decision, make_intent, say

pytestmark = pytest.mark.django_db
of_support = described.exclude(path_regex="^/api/(?!v1/support/)")


@pytest.fixture
def connection_of_the_test() -> Iterator[None]:
    yield from connected_as_the_test()


@pytest.fixture
def signed_in(lead: User) -> dict[str, str]:
    return session_of(lead)


@pytest.fixture
def decision(lead: User) -> Decision:
    make_intent("refund_status")
    message = say(make_conversation(agent=lead), "My card [CARD] is gone")
    return make_decision(message, "refund_status", confidence=0.4)


@of_support.parametrize()
@few_examples
def test_no_request_about_a_conversation_is_a_server_error(
    case: Any, signed_in: dict[str, str], decision: Decision, connection_of_the_test: None
) -> None:
    limiter().storage.reset()
    there = {"public_id": str(decision.message.conversation.public_id), "id": decision.pk}
    case.path_parameters = {name: there[name] for name in case.path_parameters or {}}
    check_no_server_error(case, signed_in)
