from typing import Any

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from tests.apps.serving.clients.conftest import Served

pytestmark = pytest.mark.django_db

described: Any = schemathesis.openapi.from_dict(
    SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # drf-spectacular leaves it untyped
).include(path_regex="^/v[12]")


@described.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_request_that_the_schema_allows_is_a_server_error(case: Any, served: Served) -> None:
    case.call_and_validate(
        base_url=served.servers.url, headers=served.headers(), checks=(not_a_server_error,)
    )
