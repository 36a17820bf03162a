"""Whatever the schema allows, sent by a person who may do everything, is no server error."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts.models import User
from apps.registry.families import Family
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import make_run, make_version
from tests.apps.schema import (
    check_no_server_error,
    connected_as_the_test,
    described,
    few_examples,
    session_of,
)

pytestmark = pytest.mark.django_db
# The API of support has such a test of its own.
of_registry = described.exclude(path_regex="^/api/v1/support/")


@pytest.fixture(autouse=True)
def connection_of_the_test() -> Iterator[None]:
    yield from connected_as_the_test()


@pytest.fixture
def signed_in(owner: User) -> dict[str, str]:
    return session_of(owner)


@pytest.fixture
def something(family: Family, artifact: Artifact, dispatched: list[int]) -> None:
    make_version(family, artifact)
    make_run(family)


@of_registry.parametrize()
@few_examples
def test_no_request_that_the_schema_allows_is_a_server_error(
    case: Any, signed_in: dict[str, str], something: None
) -> None:
    check_no_server_error(case, signed_in)
