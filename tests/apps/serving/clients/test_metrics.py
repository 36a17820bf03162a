import json
import urllib.request

import grpc
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tritonclient.grpc import service_pb2_grpc

from apps.project.web import PROCESSES
from tests.apps.serving.clients.conftest import WORDS_FAMILY, Served
from tests.apps.serving.clients.test_triton_grpc import key, typed_request
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db

BODY = {"inputs": [{"name": "text", "shape": [2], "datatype": "BYTES", "data": ["lost", "my card"]}]}


def ask(served: Served) -> None:
    url = f"{served.servers.url}/v2/models/{WORDS_FAMILY}/versions/1/infer"
    request = urllib.request.Request(url, json.dumps(BODY).encode(), served.headers())
    urllib.request.urlopen(request, timeout=10).close()


def value(served: Served, name: str, **labels: str) -> float:
    return sum(values(served, name, **labels))


def values(served: Served, name: str, **labels: str) -> list[float]:
    with urllib.request.urlopen(f"{served.servers.url}/metrics", timeout=10) as answer:
        families = list(text_string_to_metric_families(answer.read().decode()))
    return [
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]


@pytest.mark.parametrize(
    ("name", "labels", "added"),
    [
        ("berth_serving_requests_total", {"door": "http", "version": "1", "code": "ok"}, 5),
        ("berth_serving_texts_total", {"version": "1"}, 10),
        ("berth_serving_tokens_total", {"version": "1"}, 5 * (3 + 4)),
        ("berth_serving_wait_seconds_count", {}, 10),
        ("berth_serving_request_seconds_count", {"door": "http"}, 5),
    ],
)
def test_what_is_served_is_counted_exactly(
    served: Served, name: str, labels: dict[str, str], added: int
) -> None:
    before = value(served, name, family=WORDS_FAMILY, **labels)
    for _ in range(5):
        ask(served)
    assert value(served, name, family=WORDS_FAMILY, **labels) - before == added


def test_a_deadline_of_the_client_is_not_counted_as_ours(served: Served) -> None:
    counts = "berth_serving_requests_total"
    before = [value(served, counts, door="grpc", code=code) for code in ("cancelled", "deadline")]
    stub = service_pb2_grpc.GRPCInferenceServiceStub(grpc.insecure_channel(served.servers.grpc))

    def gave_up() -> bool:
        with pytest.raises(grpc.RpcError):
            stub.ModelInfer(typed_request([b"lost"] * 2000), metadata=key(served), timeout=0.02)
        return value(served, counts, door="grpc", code="cancelled") > before[0]

    wait_until(gave_up, seconds=20)
    assert value(served, counts, door="grpc", code="deadline") == before[1]


def test_each_process_tells_the_live_version(served: Served) -> None:
    """Those of web, and grpc."""
    assert values(served, "berth_serving_live_version", family=WORDS_FAMILY, alias="champion") == [1] * (
        PROCESSES + 1
    )
