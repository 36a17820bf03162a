from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]  # typed in part only
    return dict(schema["paths"])


@pytest.mark.parametrize(
    ("method", "path", "takes_keys"),
    [
        ("get", "/api/v1/runs/", True),
        ("post", "/api/v1/runs/", False),
        ("post", "/api/v1/aliases/promote/", False),
        ("get", "/api/v1/support/conversations/", False),
        ("post", "/v2/models/{model}/infer", True),
    ],
)
def test_a_key_is_named_where_it_lets_somebody_in(
    paths: dict[str, Any], method: str, path: str, takes_keys: bool
) -> None:
    named = {name for one in paths[path][method]["security"] for name in one}

    assert ("ApiKey" in named) is takes_keys
    assert named


def test_every_operation_says_what_it_does_and_to_which_part_it_belongs(paths: dict[str, Any]) -> None:
    asked = {f"{method} {path}": one for path, all_of in paths.items() for method, one in all_of.items()}

    assert not [name for name, one in asked.items() if not (one.get("summary") or one.get("description"))]
    assert {tag for one in asked.values() for tag in one["tags"]} == {
        "Registry",
        "Conversations",
        "Chat widget",
        "Open Inference Protocol",
        "Embeddings",
    }
