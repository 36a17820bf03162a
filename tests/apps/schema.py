"""The schema of the REST API, and requests made up from it that run as the test does."""

from collections.abc import Iterator
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from apps.accounts.models import User

CSRF_TOKEN = "a" * 32

described: Any = schemathesis.openapi.from_dict(
    SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # drf-spectacular leaves it untyped
).include(path_regex="^/api/")
described.app = WSGIHandler()
few_examples = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def session_of(person: User) -> dict[str, str]:
    """The cookies of somebody who is signed in."""
    client = Client()
    client.force_login(person)
    return {"sessionid": client.cookies["sessionid"].value, "csrftoken": CSRF_TOKEN}


def check_no_server_error(case: Any, cookies: dict[str, str]) -> None:
    """Of a request by whose cookies these are, who may do everything.

    Made-up keys and sessions would take the place of the real one.
    """
    case.cookies, case.headers = {}, {}
    answer = case.call(cookies=cookies, headers={"X-CSRFToken": CSRF_TOKEN})

    case.validate_response(answer, checks=(not_a_server_error,))
    assert answer.status_code not in (401, 403)


def connected_as_the_test() -> Iterator[None]:
    """Requests run inside the test's transaction, as those of Django's own test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
