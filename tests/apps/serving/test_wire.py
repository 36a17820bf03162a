from collections.abc import Iterator
from typing import Any

from tritonclient.grpc import service_pb2

from apps.serving.wire import open_inference_pb2


def described(message: Any) -> Iterator[tuple[str, int, int]]:
    for field in message.fields:
        yield f"{message.full_name}.{field.name}", field.number, field.type
    for nested in message.nested_types:
        yield from described(nested)


def test_every_field_has_the_number_and_type_that_clients_know() -> None:
    theirs = service_pb2.DESCRIPTOR.message_types_by_name
    for name, message in open_inference_pb2.DESCRIPTOR.message_types_by_name.items():
        assert set(described(message)) <= set(described(theirs[name])), name


def test_both_can_live_in_one_process() -> None:
    raw = service_pb2.ModelInferRequest(model_name="m").SerializeToString()
    assert open_inference_pb2.ModelInferRequest.FromString(raw).model_name == "m"
