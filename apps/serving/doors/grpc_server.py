"""The Open Inference Protocol over gRPC, with the standard health check."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import unquote

import grpc
from django.conf import settings
from google.protobuf.message import DecodeError, Message

from apps.serving.doors import v2
from apps.serving.doors.aside import aside
from apps.serving.doors.exchange import Exchange
from apps.serving.doors.grpc_messages import described, infer_response, texts_of
from apps.serving.doors.visit import CANCELLED, Visit
from apps.serving.errors import Fault, ServingError, malformed
from apps.serving.inference import INPUTS, infer, output_specs
from apps.serving.loading import limits
from apps.serving.wire import health_pb2, open_inference_pb2

logger = logging.getLogger(__name__)

wire: Any = open_inference_pb2
health: Any = health_pb2
Context = Any  # grpc brings no types
Method = Callable[[Visit, Any, Exchange], Awaitable[Any]]


async def server_live(visit: Visit, request: Any, exchange: Exchange) -> Any:
    return wire.ServerLiveResponse(live=True)


async def server_ready(visit: Visit, request: Any, exchange: Exchange) -> Any:
    return wire.ServerReadyResponse(ready=await visit.is_ready())


async def check_health(visit: Visit, request: Any, exchange: Exchange) -> Any:
    status = health.HealthCheckResponse.ServingStatus
    if request.service not in ("", INFERENCE):
        # SERVICE_UNKNOWN is what Watch would say; Check answers with a status of the call.
        raise ServingError(Fault.UNKNOWN_SERVICE, "There is no such service here.")
    is_ready = await visit.is_ready()
    return health.HealthCheckResponse(status=status.SERVING if is_ready else status.NOT_SERVING)


async def server_metadata(visit: Visit, request: Any, exchange: Exchange) -> Any:
    async with visit.caller(exchange):
        return wire.ServerMetadataResponse(name=v2.NAME, version=settings.VERSION)


async def model_ready(visit: Visit, request: Any, exchange: Exchange) -> Any:
    models = await visit.models()
    try:
        is_ready = models.is_servable(request.name, request.version or None)
    except ServingError:
        # A question with two answers: clients take an error of the call for one of the server.
        is_ready = False
    return wire.ModelReadyResponse(ready=is_ready)


async def model_metadata(visit: Visit, request: Any, exchange: Exchange) -> Any:
    models = await visit.models()
    version = request.version or None
    async with visit.caller(exchange) as caller, v2.leased_by(caller, models, request.name, version) as model:
        return wire.ModelMetadataResponse(
            name=request.name,
            versions=v2.versions(models, request.name),
            platform=f"berth_{model.task}",
            inputs=described(INPUTS),
            outputs=described(output_specs(model)),
        )


async def model_infer(visit: Visit, request: Any, exchange: Exchange) -> Any:
    models = await visit.models()
    wanted = [output.name for output in request.outputs]
    async with visit.caller(exchange) as caller:
        texts = await aside(partial(texts_of, request, visit.limits), size=request.ByteSize())
        version = request.model_version or None
        async with v2.leased_by(caller, models, request.model_name, version) as model:
            visit.answered_by(model)
            answer = await infer(model, texts, wanted, visit.limits)
    return await aside(partial(infer_response, request, answer), size=answer.size)


async def repository_index(visit: Visit, request: Any, exchange: Exchange) -> Any:
    models = await visit.models()
    async with visit.caller(exchange) as caller:
        rows = v2.index(models, caller, only_ready=request.ready)
    return wire.RepositoryIndexResponse(
        models=[wire.RepositoryIndexResponse.ModelIndex(**row) for row in rows]
    )


INFERENCE = "inference.GRPCInferenceService"
HEALTH = "grpc.health.v1.Health"
METHODS: dict[str, dict[str, tuple[Method, type[Message]]]] = {
    INFERENCE: {
        "ServerLive": (server_live, wire.ServerLiveRequest),
        "ServerReady": (server_ready, wire.ServerReadyRequest),
        "ModelReady": (model_ready, wire.ModelReadyRequest),
        "ServerMetadata": (server_metadata, wire.ServerMetadataRequest),
        "ModelMetadata": (model_metadata, wire.ModelMetadataRequest),
        "ModelInfer": (model_infer, wire.ModelInferRequest),
        "RepositoryIndex": (repository_index, wire.RepositoryIndexRequest),
    },
    HEALTH: {"Check": (check_health, health.HealthCheckRequest)},
}


async def _answer(method: Method, request: Message, received: bytes, context: Context) -> Any:
    """
    Args:
        request: empty; filled with what was received.

    Raises:
        ServingError: whatever went wrong.
    """
    visit = Visit("grpc", limits())
    try:
        answer = await method(visit, _filled(request, received), _exchange(context))
    except ServingError as refused:
        error = refused
    except asyncio.CancelledError:
        # The client gave up or its own deadline passed; grpc itself tells it so.
        visit.end(CANCELLED)
        raise
    except Exception:  # the last resort of a server: logged, and told as a status
        logger.exception("%s failed", method.__name__)
        error = ServingError(Fault.INTERNAL, "The server failed on this request; its log says why.")
    else:
        visit.end("ok")
        return answer
    visit.end(error.status.code)
    raise error


def _served(method: Method, message: type[Message]) -> Callable[[bytes, Context], Awaitable[Any]]:
    async def serve(received: bytes, context: Context) -> Any:
        try:
            return await _answer(method, message(), received, context)
        except ServingError as error:
            if error.retry_after_seconds is not None:
                seconds = max(1, round(error.retry_after_seconds))
                context.set_trailing_metadata((("retry-after", str(seconds)),))
            return await context.abort(grpc.StatusCode[error.status.grpc], error.sentence)

    return serve


async def model_stream_infer(received: AsyncIterator[bytes], context: Context) -> AsyncIterator[Any]:
    """Many requests over one call, each answered before the next is read; a refusal ends none but its own."""
    async for one in received:
        request = wire.ModelInferRequest()
        answer = wire.ModelStreamInferResponse()
        try:
            told = await _answer(model_infer, request, one, context)
        except ServingError as error:
            answer.error_message = f"{error.status.code}: {error.sentence}"
            answer.infer_response.id = request.id
        else:
            answer.infer_response.CopyFrom(told)
        yield answer


def _filled(request: Message, received: bytes) -> Message:
    # Here and not by grpc, which would tell the client of a failure of the server.
    try:
        request.ParseFromString(received)
    except DecodeError:
        raise malformed(f"The bytes are no {request.DESCRIPTOR.full_name}.") from None
    return request


def _written(answer: Message) -> Any:
    return answer.SerializeToString()


def _exchange(context: Context) -> Exchange:
    """Who asks, as the other doors say it; the message itself travels beside."""
    headers = {
        name: value if isinstance(value, str) else value.decode("latin-1")
        for name, value in context.invocation_metadata() or ()
    }
    # As gRPC writes it: kind, address (in brackets and escaped when IPv6) and port, with colons between.
    _, _, address = unquote(context.peer()).partition(":")
    return Exchange("POST", "", headers, b"", address.rpartition(":")[0].strip("[]"))


def make_server(address: str) -> tuple[grpc.aio.Server, int]:
    """A server that isn't started yet, and the port that it got."""
    largest = limits().body_bytes
    server = grpc.aio.server(
        options=[
            ("grpc.max_receive_message_length", largest),
            ("grpc.max_send_message_length", -1),
            # Two servers on one port would share the callers between them without anybody noticing.
            ("grpc.so_reuseport", 0),
        ]
    )
    for service, methods in METHODS.items():
        handlers = {
            name: grpc.unary_unary_rpc_method_handler(_served(method, message), response_serializer=_written)
            for name, (method, message) in methods.items()
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    stream = grpc.stream_stream_rpc_method_handler(model_stream_infer, response_serializer=_written)
    streams = grpc.method_handlers_generic_handler(INFERENCE, {"ModelStreamInfer": stream})
    server.add_generic_rpc_handlers((streams,))
    return server, server.add_insecure_port(address)
