import gzip
import json
import zlib
from typing import Any

import pytest
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from apps.accounts import rates
from apps.serving import callers
from apps.serving.doors.exchange import Exchange, Reply
from apps.serving.doors.http import handle, is_ours
from apps.serving.live import LiveModels
from tests.apps.serving.fakes import FAMILY, FakeRegistry

pytestmark = pytest.mark.usefixtures("live")

GOOD = {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["where is my card"]}]}
INFER = f"/v2/models/{FAMILY}/infer"


async def call(method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await handle(Exchange(method, path, named, body, "127.0.0.1"))


async def infer(value: Any = GOOD, path: str = INFER, **headers: str) -> Reply:
    return await call("POST", path, json.dumps(value).encode(), **headers)


def error_of(reply: Reply) -> dict[str, str]:
    found: dict[str, str] = json.loads(reply.body)
    assert set(found) == {"error", "code"}
    return found


async def test_json_in_json_out() -> None:
    reply = await infer({"id": "7", **GOOD})
    assert json.loads(reply.body) == {
        "model_name": FAMILY,
        "model_version": "1",
        "id": "7",
        "outputs": [
            {"name": "label", "datatype": "BYTES", "shape": [1], "data": ["v1"]},
            {"name": "score", "datatype": "FP32", "shape": [1], "data": [0.75]},
            {"name": "probabilities", "datatype": "FP32", "shape": [1, 2], "data": [0.75, 0.25]},
        ],
    }


async def test_an_older_version_is_loaded_when_asked_for() -> None:
    reply = await infer(path=f"/v2/models/{FAMILY}/versions/3/infer")
    assert json.loads(reply.body)["model_version"] == "3"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", INFER, 405, "method_not_allowed"),
        ("GET", "/v2/nothing", 404, "unknown_path"),
        ("POST", "/v2/models/nobody/infer", 404, "unknown_model"),
        ("POST", f"/v2/models/{FAMILY}/versions/99/infer", 404, "unknown_version"),
        ("POST", f"/v2/models/{FAMILY}/versions/shadow/infer", 404, "unknown_version"),
        ("POST", "/v2/models/empty/infer", 404, "unknown_version"),
        ("GET", "/v2/models/empty/ready", 404, "unknown_version"),
    ],
)
async def test_a_wrong_address_has_a_code(method: str, path: str, status: int, code: str) -> None:
    reply = await call(method, path, json.dumps(GOOD).encode())
    assert (reply.status, error_of(reply)["code"]) == (status, code)


@pytest.mark.parametrize(("path", "allowed"), [(INFER, "POST"), ("/v2", "GET, HEAD")])
async def test_a_wrong_method_is_told_the_right_ones(path: str, allowed: str) -> None:
    assert (await call("DELETE", path)).headers["Allow"] == allowed


async def test_a_head_is_answered_as_a_get() -> None:
    assert (await call("HEAD", "/v2/health/ready")).status == 200


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)]
)
async def test_a_packed_body_is_unpacked(coding: str, pack: Any) -> None:
    reply = await call("POST", INFER, pack(json.dumps(GOOD).encode()), content_encoding=coding)
    assert reply.status == 200


@pytest.mark.parametrize(
    ("body", "coding", "status"),
    [
        (gzip.compress(b" " * 200_000_000, 9), "gzip", 413),
        (gzip.compress(b"{}")[:-9], "gzip", 400),
        (b"plain", "gzip", 400),
        (gzip.compress(b"{}") + b"more", "gzip", 400),
        (b"{}", "br", 400),
        (b" " * (9 * 2**20), "identity", 413),
    ],
    ids=["bomb", "cut", "not packed", "rubbish after it", "unknown", "large"],
)
async def test_a_body_that_lies_about_itself_is_a_sentence(body: bytes, coding: str, status: int) -> None:
    reply = await call("POST", INFER, body, content_encoding=coding)
    assert reply.status == status
    assert error_of(reply)["error"]


async def test_a_text_of_five_megabytes_is_too_large() -> None:
    value = {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["x" * 5_000_000]}]}
    reply = await infer(value)
    assert (reply.status, error_of(reply)["code"]) == (413, "too_large")


async def test_a_full_queue_says_when_to_come_back(small_queue: None, registry: FakeRegistry) -> None:
    await infer(path=f"/v2/models/{FAMILY}/versions/2/infer")
    registry.predictors[2].gate.clear()
    texts = ["a"] * 50
    value = {"inputs": [{"name": "text", "shape": [50], "datatype": "BYTES", "data": texts}]}
    reply = await infer(value, path=f"/v2/models/{FAMILY}/versions/2/infer")
    registry.predictors[2].gate.set()
    assert (reply.status, error_of(reply)["code"]) == (429, "overloaded")
    assert reply.headers["Retry-After"] == "1"


async def test_ready_turns_false_when_no_champion_answers(live: LiveModels, registry: FakeRegistry) -> None:
    assert (await call("GET", "/v2/health/ready")).status == 200
    live.stop()
    assert (await call("GET", "/v2/health/live")).status == 200


async def test_nobody_is_ready_who_cannot_count_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    away = MovingWindowRateLimiter(RedisStorage("redis://127.0.0.1:1/0"))
    monkeypatch.setattr(rates, "limiter", lambda: away)
    reply = await call("GET", "/v2/health/ready")
    assert (reply.status, json.loads(reply.body)) == (503, {"ready": False})


async def test_what_is_not_offered_is_an_openai_error_too() -> None:
    reply = await call("POST", "/v1/chat/completions", b"{}")
    assert (reply.status, json.loads(reply.body)["error"]["code"]) == (404, "unknown_path")


async def test_only_what_is_offered_is_named() -> None:
    assert json.loads((await call("GET", "/v2")).body)["extensions"] == ["binary_tensor_data"]


async def test_openai_errors_have_the_openai_shape() -> None:
    reply = await call("POST", "/v1/embeddings", b"[]")
    assert json.loads(reply.body)["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("path", "ours"),
    [("/v2", True), ("/v2/x", True), ("/v1/models", True), ("/v1/chat", True), ("/v20", False), ("/", False)],
)
def test_the_fast_lane_takes_its_own_paths_only(path: str, ours: bool) -> None:
    assert is_ours(path) is ours


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2"),
        ("GET", f"/v2/models/{FAMILY}"),
        ("POST", "/v2/repository/index"),
        ("GET", "/v1/models"),
        ("GET", f"/v1/models/{FAMILY}"),
        ("POST", INFER),
        ("POST", "/v1/embeddings"),
    ],
)
async def test_who_is_over_the_rate_is_refused_before_anything_is_read(
    method: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "ANONYMOUS_PER_MINUTE", 1)
    monkeypatch.setattr(callers, "_refused_until", {})
    peer = f"127.0.0.{zlib.crc32(f'{method} {path}'.encode()) % 250 + 2}"
    replies = [await handle(Exchange(method, path, {}, b"not JSON", peer)) for _ in range(3)]
    assert replies[0].status != 429
    assert [reply.status for reply in replies][-1] == 429


async def test_a_wrong_name_does_not_list_the_models_to_anybody() -> None:
    assert FAMILY not in error_of(await call("GET", "/v2/models/nobody/ready"))["error"]
