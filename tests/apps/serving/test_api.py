import json
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from apps.serving.doors.http import ROUTES
from tests.apps.serving.fakes import FAMILY

BODY = {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["where is my card"]}]}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # drf-spectacular leaves it untyped
    return found


def test_every_route_is_on_the_openapi_page(schema: dict[str, Any]) -> None:
    ours = {
        path: set(methods) for path, methods in schema["paths"].items() if path.startswith(("/v1", "/v2"))
    }
    assert len(ours) == 13
    for path, methods in ours.items():
        example = path.replace("{model}", "m").replace("{version}", "1")
        fitting = {method.lower() for method, pattern, _ in ROUTES if pattern.fullmatch(example)}
        assert methods == fitting, path


def test_the_schema_is_valid(schema: dict[str, Any]) -> None:
    validate_schema(schema)  # type: ignore[no-untyped-call]  # drf-spectacular leaves it untyped


@pytest.mark.django_db
@pytest.mark.usefixtures("live")
@pytest.mark.parametrize("version", ["", "/versions/champion"])
def test_the_slow_lane_answers_as_well(client: Client, version: str) -> None:
    reply = client.post(
        f"/v2/models/{FAMILY}{version}/infer", json.dumps(BODY), content_type="application/json"
    )
    assert (reply.status_code, reply.json()["model_version"]) == (200, "1")


@pytest.mark.django_db
@pytest.mark.usefixtures("live")
def test_the_slow_lane_refuses_large_bodies_in_the_same_words(client: Client) -> None:
    reply = client.post(f"/v2/models/{FAMILY}/infer", b" " * 9_000_000, content_type="application/json")
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")
