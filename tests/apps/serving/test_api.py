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


@pytest.mark.parametrize("path", ["/v2/health/ready", "/v2/models/{model}/ready"])
def test_not_ready_is_described_as_it_is_told(schema: dict[str, Any], path: str) -> None:
    answers = schema["paths"][path]["get"]["responses"]
    ready, _error = answers["503"]["content"]["application/json"]["schema"]["oneOf"]
    assert "ready" in ready["properties"]
    assert {"405", "500"} <= set(answers)
    assert "401" not in answers


def test_binary_tensors_are_described(schema: dict[str, Any]) -> None:
    infer = schema["paths"]["/v2/models/{model}/versions/{version}/infer"]["post"]
    both = {"application/json", "application/octet-stream"}
    assert set(infer["requestBody"]["content"]) == set(infer["responses"]["200"]["content"]) == both
    names = {parameter["name"] for parameter in infer["parameters"]}
    assert names == {"model", "version", "Inference-Header-Content-Length"}


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
