"""The same as for the API of the registry, about a conversation that is there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from apps.accounts.models import User
from apps.accounts.rates import limiter
from apps.support.models import Decision
from tests.apps.schema import CSRF_TOKEN, connected_as_the_test, described
from tests.apps.support.factories import make_conversation, make_decision, make_intent, say

pytestmark = pytest.mark.django_db
of_support = described.exclude(path_regex="^/api/(?!v1/support/)")


@pytest.fixture
def connection_of_the_test() -> Iterator[None]:
    yield from connected_as_the_test()


@pytest.fixture
def signed_in(lead: User) -> dict[str, str]:
    client = Client()
    client.force_login(lead)
    return {"sessionid": client.cookies["sessionid"].value, "csrftoken": CSRF_TOKEN}


@pytest.fixture
def decision(lead: User) -> Decision:
    make_intent("refund_status")
    message = say(make_conversation(agent=lead), "My card [CARD] is gone")
    return make_decision(message, "refund_status", confidence=0.4)


@of_support.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_request_about_a_conversation_is_a_server_error(
    case: Any, signed_in: dict[str, str], decision: Decision, connection_of_the_test: None
) -> None:
    limiter().storage.reset()
    there = {"public_id": str(decision.message.conversation.public_id), "id": decision.pk}
    case.path_parameters = {name: there[name] for name in case.path_parameters or {}}
    # Made-up keys and sessions would take the place of the real one.
    case.cookies, case.headers = {}, {}
    answer = case.call(cookies=signed_in, headers={"X-CSRFToken": CSRF_TOKEN})

    case.validate_response(answer, checks=(not_a_server_error,))
    assert answer.status_code not in (401, 403)
