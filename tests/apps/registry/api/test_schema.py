"""Whatever the schema allows, sent by a person who may do everything, is no server error."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from apps.accounts.models import User
from apps.registry.families import Family
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import make_run, make_version
from tests.apps.schema import CSRF_TOKEN, connected_as_the_test, described

pytestmark = pytest.mark.django_db
# The API of support has such a test of its own.
of_registry = described.exclude(path_regex="^/api/v1/support/")


@pytest.fixture
def signed_in(owner: User) -> dict[str, str]:
    client = Client()
    client.force_login(owner)
    return {"sessionid": client.cookies["sessionid"].value, "csrftoken": CSRF_TOKEN}


@pytest.fixture(autouse=True)
def connection_of_the_test() -> Iterator[None]:
    yield from connected_as_the_test()


@pytest.fixture
def something(family: Family, artifact: Artifact, dispatched: list[int]) -> None:
    make_version(family, artifact)
    make_run(family)


@of_registry.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_request_that_the_schema_allows_is_a_server_error(
    case: Any, signed_in: dict[str, str], something: None
) -> None:
    # Made-up keys and sessions would take the place of the real one.
    case.cookies, case.headers = {}, {}
    answer = case.call(cookies=signed_in, headers={"X-CSRFToken": CSRF_TOKEN})

    case.validate_response(answer, checks=(not_a_server_error,))
    assert answer.status_code not in (401, 403)
