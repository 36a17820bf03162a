import asyncio
import time
from collections.abc import AsyncIterator, Callable
from queue import Queue

import grpc
import numpy as np
import pytest
import tritonclient.grpc as triton
import tritonclient.grpc.aio as triton_aio
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import InferenceServerException

from apps.serving.wire import health_pb2
from tests.apps.serving.clients.conftest import EMBED_FAMILY, WORDS_FAMILY, Served

pytestmark = pytest.mark.django_db

TEXTS = ["my card", "lost", "lost 港口"]
ANSWERS = ["card@1", "lost@1", "lost@1"]


def text_input(texts: list[str]) -> triton.InferInput:
    values = np.array([text.encode() for text in texts], dtype=object)
    given = triton.InferInput("text", [len(texts)], "BYTES")
    given.set_data_from_numpy(values)
    return given


def typed_request(texts: list[bytes], **changes: object) -> service_pb2.ModelInferRequest:
    request = service_pb2.ModelInferRequest(model_name=WORDS_FAMILY, model_version="1", id="typed")
    given = request.inputs.add(name="text", datatype="BYTES", shape=[len(texts)])
    given.contents.bytes_contents.extend(texts)
    for name, value in changes.items():
        setattr(given, name, value)
    return request


def key(served: Served, raw: str = "brt_everything") -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {raw}"),)


@pytest.fixture
def stub(served: Served) -> service_pb2_grpc.GRPCInferenceServiceStub:
    return service_pb2_grpc.GRPCInferenceServiceStub(grpc.insecure_channel(served.servers.grpc))


@pytest.fixture
def client(served: Served) -> triton.InferenceServerClient:
    return triton.InferenceServerClient(served.servers.grpc)


def test_infer_answers_raw_contents(served: Served, client: triton.InferenceServerClient) -> None:
    found = client.infer(
        WORDS_FAMILY,
        [text_input(TEXTS)],
        model_version="1",
        outputs=[triton.InferRequestedOutput("label"), triton.InferRequestedOutput("score")],
        request_id="seven",
        headers=served.headers_for_grpc(),
    )
    assert [label.decode() for label in found.as_numpy("label")] == ANSWERS
    assert found.as_numpy("score").dtype == np.float32
    assert (found.get_response().id, found.get_response().model_version) == ("seven", "1")


def test_typed_contents_are_answered_typed(
    served: Served, stub: service_pb2_grpc.GRPCInferenceServiceStub
) -> None:
    found = stub.ModelInfer(typed_request([b"lost"]), metadata=key(served))
    by_name = {output.name: output for output in found.outputs}
    assert list(by_name["label"].contents.bytes_contents) == [b"lost@1"]
    assert list(by_name["probabilities"].shape) == [1, 2]
    assert not found.raw_output_contents


def test_health_needs_no_key(client: triton.InferenceServerClient) -> None:
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready(WORDS_FAMILY, "2")


@pytest.mark.parametrize(
    ("name", "version"), [("nobody", ""), (WORDS_FAMILY, "99"), (WORDS_FAMILY, "shadow")]
)
def test_what_is_not_there_is_not_ready(
    client: triton.InferenceServerClient, name: str, version: str
) -> None:
    assert client.is_model_ready(name, version) is False


@pytest.fixture
def check(served: Served) -> Callable[..., health_pb2.HealthCheckResponse]:
    call: Callable[..., health_pb2.HealthCheckResponse] = grpc.insecure_channel(
        served.servers.grpc
    ).unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=health_pb2.HealthCheckResponse.FromString,
    )
    return call


def test_the_standard_health_check_is_there(check: Callable[..., health_pb2.HealthCheckResponse]) -> None:
    assert check(health_pb2.HealthCheckRequest()).status == health_pb2.HealthCheckResponse.SERVING


def test_the_health_of_an_unknown_service_is_not_found(
    check: Callable[..., health_pb2.HealthCheckResponse],
) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        check(health_pb2.HealthCheckRequest(service="no.such.Service"))
    assert raised.value.code() is grpc.StatusCode.NOT_FOUND


def test_metadata_and_index(served: Served, client: triton.InferenceServerClient) -> None:
    headers = served.headers_for_grpc()
    assert client.get_server_metadata(headers=headers).name == "berth"
    found = client.get_model_metadata(EMBED_FAMILY, headers=headers)
    assert [(output.name, list(output.shape)) for output in found.outputs] == [("embedding", [-1, 16])]
    assert len(client.get_model_repository_index(headers=headers).models) == 3


async def test_the_asynchronous_client_works_as_well(served: Served) -> None:
    async with triton_aio.InferenceServerClient(served.servers.grpc) as client:
        found = await asyncio.gather(
            *(
                client.infer(
                    WORDS_FAMILY, [text_input([text])], model_version="1", headers=served.headers_for_grpc()
                )
                for text in TEXTS
            )
        )
    assert [result.as_numpy("label")[0].decode() for result in found] == ANSWERS


def test_a_refusal_in_a_stream_ends_no_other_request(
    served: Served, stub: service_pb2_grpc.GRPCInferenceServiceStub
) -> None:
    requests = [typed_request([b"lost"]), typed_request([]), typed_request([b"lost"])]
    for number, request in enumerate(requests):
        request.id = str(number)
    found = list(stub.ModelStreamInfer(iter(requests), metadata=key(served)))
    assert [answer.infer_response.id for answer in found] == ["0", "1", "2"]
    assert [answer.error_message.partition(":")[0] for answer in found] == ["", "malformed", ""]
    assert found[2].infer_response.outputs[0].contents.bytes_contents == [b"lost@1"]


async def test_a_stream_takes_the_asynchronous_client(served: Served) -> None:
    async def requests() -> AsyncIterator[dict[str, object]]:
        for text in TEXTS:
            yield {"model_name": WORDS_FAMILY, "inputs": [text_input([text])], "model_version": "1"}

    async with triton_aio.InferenceServerClient(served.servers.grpc) as client:
        stream = client.stream_infer(requests(), headers=served.headers_for_grpc())
        found = [result.as_numpy("label")[0].decode() async for result, _ in stream]
    assert found == ANSWERS


def test_a_stream_takes_the_synchronous_client(served: Served, client: triton.InferenceServerClient) -> None:
    answers: Queue[tuple[triton.InferResult, object]] = Queue()
    client.start_stream(lambda result, error: answers.put((result, error)), headers=served.headers_for_grpc())
    client.async_stream_infer(WORDS_FAMILY, [text_input(TEXTS)], "1")
    result, error = answers.get(timeout=30)
    client.stop_stream()
    assert error is None
    assert [label.decode() for label in result.as_numpy("label")] == ANSWERS


@pytest.mark.parametrize(
    ("family", "raw", "status"),
    [
        (WORDS_FAMILY, "brt_wrong", "UNAUTHENTICATED"),
        (WORDS_FAMILY, "brt_embeddings_only", "PERMISSION_DENIED"),
        ("nobody", "brt_everything", "NOT_FOUND"),
    ],
)
def test_a_refusal_has_its_status(
    served: Served, client: triton.InferenceServerClient, family: str, raw: str, status: str
) -> None:
    with pytest.raises(InferenceServerException, match=r"\.") as raised:
        client.infer(family, [text_input(TEXTS)], headers=served.headers_for_grpc(raw))
    assert raised.value.status() == f"StatusCode.{status}"


@pytest.mark.parametrize(
    "request_",
    [
        typed_request([b"\xff"]),
        typed_request([b"a\0"]),
        typed_request([]),
        typed_request([b"a"], name="words"),
        typed_request([b"a"], datatype="FP32"),
        service_pb2.ModelInferRequest(model_name=WORDS_FAMILY),
        service_pb2.ModelInferRequest(model_name=WORDS_FAMILY, raw_input_contents=[b"x"]),
        typed_request([b"x" * 500_000]),
    ],
)
def test_a_malformed_request_is_an_invalid_argument(
    served: Served,
    stub: service_pb2_grpc.GRPCInferenceServiceStub,
    request_: service_pb2.ModelInferRequest,
) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        stub.ModelInfer(request_, metadata=key(served))
    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("message", [b"\xff\xff\xff", b"\x0a\x02\xff\xfe"])
def test_bytes_that_are_no_request_are_an_invalid_argument(served: Served, message: bytes) -> None:
    call = grpc.insecure_channel(served.servers.grpc).unary_unary(
        "/inference.GRPCInferenceService/ModelInfer"
    )
    with pytest.raises(grpc.RpcError, match=r"no inference\.ModelInferRequest") as raised:
        call(message, metadata=key(served))
    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_over_quota_is_exhausted_and_says_when(
    served: Served, stub: service_pb2_grpc.GRPCInferenceServiceStub
) -> None:
    spent = key(served, "brt_two_a_minute")
    for _ in range(2):
        stub.ModelInfer(typed_request([b"lost"]), metadata=spent)
    with pytest.raises(grpc.RpcError) as raised:
        stub.ModelInfer(typed_request([b"lost"]), metadata=spent)
    assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert 1 <= int(dict(raised.value.trailing_metadata())["retry-after"]) <= 60


def test_a_deadline_that_passed_is_told_by_grpc(
    served: Served, stub: service_pb2_grpc.GRPCInferenceServiceStub
) -> None:
    started_at = time.monotonic()
    with pytest.raises(grpc.RpcError) as raised:
        stub.ModelInfer(typed_request([b"lost"] * 2000), metadata=key(served), timeout=0.001)
    assert raised.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert time.monotonic() - started_at < 5
