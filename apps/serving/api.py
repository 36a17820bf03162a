"""The inference protocols behind Django: described on the OpenAPI page, and answered where no fast lane is.

Under uvicorn `apps.serving.asgi` takes these paths first; both end in `doors.http.handle`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from asgiref.sync import async_to_sync
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.serving import schemas
from apps.serving.doors.exchange import Exchange, Reply, body_too_large
from apps.serving.doors.http import handle, refuse
from apps.serving.loading import limits

V2_TAG = "Open Inference Protocol"
OPENAI_TAG = "Embeddings"
# drf-spectacular takes OpenAPI's security objects, though its types name strings only; {} means nobody asks.
KEY: Any = [{"ApiKey": []}]
OPEN: Any = [{}]
Handler = TypeVar("Handler", bound=Callable[..., HttpResponse])
MODEL = OpenApiParameter("model", str, OpenApiParameter.PATH, description="Name of a family.")
VERSION = OpenApiParameter(
    "version",
    str,
    OpenApiParameter.PATH,
    description="A number, or champion, challenger or shadow. Left out, the champion answers.",
)
REFUSALS = {
    400: "Malformed",
    401: "No key, or a wrong one",
    403: "The key is for other families",
    404: "Unknown family or version",
    405: "Another method is needed: Allow names it",
    408: "The body did not arrive in time",
    413: "Too large",
    429: "Overloaded or over quota: come back after Retry-After seconds",
    500: "Our fault: the log has the trace",
    503: "No version answers yet, or a store is away: come back after Retry-After seconds",
    504: "It took too long",
}
# What is open is neither refused to anybody nor computed.
REFUSED_WITH_KEY = (401, 403, 429, 504)
HEADER_LENGTH = OpenApiParameter(
    "Inference-Header-Content-Length",
    int,
    OpenApiParameter.HEADER,
    description="Bytes of the JSON in front, where tensors follow it as bytes.",
)


def described(
    summary: str,
    answer: schemas.Schema,
    *,
    tag: str = V2_TAG,
    request: schemas.Schema | None = None,
    auth: Any = KEY,
    operation_id: str | None = None,
) -> Callable[[Handler], Handler]:
    error = schemas.OPENAI_ERROR if tag == OPENAI_TAG else schemas.ERROR
    refusals = {
        code: OpenApiResponse(error, text)
        for code, text in REFUSALS.items()
        if auth is KEY or code not in REFUSED_WITH_KEY
    }
    if answer is schemas.READY:
        refusals[503] = OpenApiResponse(schemas.NOT_READY, "Not ready, or nobody knows")
    return extend_schema(
        operation_id=operation_id,
        summary=summary,
        tags=[tag],
        auth=auth,
        request=_kinds(request) if request else None,
        responses={**{(200, kind): body for kind, body in _kinds(answer).items()}, **refusals},
    )


def _kinds(body: schemas.Schema) -> dict[str, schemas.Schema]:
    """A body by its media types: tensors may follow their JSON as bytes."""
    has_tensors = body is schemas.INFER_REQUEST or body is schemas.INFER_RESPONSE
    binary = {"application/octet-stream": schemas.BINARY} if has_tensors else {}
    return {"application/json": body, **binary}


# Hands the request over as it came; keys are looked at behind the door, the same for every transport. A
# docstring here would describe each of the operations below.
class Door(APIView):
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def answer(self, request: Request) -> HttpResponse:
        reply = _reply(request._request)
        return HttpResponse(reply.body, status=reply.status, headers=dict(reply.headers))


def _reply(request: HttpRequest) -> Reply:
    try:
        body = request.body
    except RequestDataTooBig:
        return refuse(request.path, body_too_large(limits().body_bytes))
    headers = {name.lower(): value for name, value in request.headers.items()}
    peer = request.META.get("REMOTE_ADDR", "")
    exchange = Exchange(request.method or "", request.path, headers, body, peer)
    return async_to_sync(handle)(exchange)


class ServerLive(Door):
    @described("Is the process alive?", schemas.LIVE, auth=OPEN)
    def get(self, request: Request) -> HttpResponse:
        return self.answer(request)


class ServerReady(Door):
    @described("Does every champion answer?", schemas.READY, auth=OPEN)
    def get(self, request: Request) -> HttpResponse:
        return self.answer(request)


class Server(Door):
    @described("What this server is", schemas.SERVER)
    def get(self, request: Request) -> HttpResponse:
        return self.answer(request)


@extend_schema(parameters=[MODEL])
class Model(Door):
    @described("What goes into a model and comes out", schemas.MODEL)
    def get(self, request: Request, model: str, version: str | None = None) -> HttpResponse:
        return self.answer(request)


@extend_schema(parameters=[MODEL])
class ModelReady(Door):
    @described("Does a model answer?", schemas.READY, auth=OPEN)
    def get(self, request: Request, model: str, version: str | None = None) -> HttpResponse:
        return self.answer(request)


@extend_schema(parameters=[MODEL, HEADER_LENGTH])
class ModelInfer(Door):
    @described("Texts in, answers out", schemas.INFER_RESPONSE, request=schemas.INFER_REQUEST)
    def post(self, request: Request, model: str, version: str | None = None) -> HttpResponse:
        return self.answer(request)


@extend_schema(parameters=[MODEL, VERSION])
class VersionedModel(Model):
    pass


@extend_schema(parameters=[MODEL, VERSION])
class VersionedModelReady(ModelReady):
    pass


@extend_schema(parameters=[MODEL, VERSION, HEADER_LENGTH])
class VersionedModelInfer(ModelInfer):
    pass


class RepositoryIndex(Door):
    @described("Every version and its state", schemas.INDEX, request=schemas.PARAMETERS)
    def post(self, request: Request) -> HttpResponse:
        return self.answer(request)


class Embeddings(Door):
    @described("Texts to vectors", schemas.EMBEDDINGS, tag=OPENAI_TAG, request=schemas.EMBEDDINGS_REQUEST)
    def post(self, request: Request) -> HttpResponse:
        return self.answer(request)


class ListedModels(Door):
    # Without a name of its own it would be called like the one for a single model.
    @described(
        "The families with a champion",
        schemas.LISTED_MODELS,
        tag=OPENAI_TAG,
        operation_id="v1_models_list",
    )
    def get(self, request: Request) -> HttpResponse:
        return self.answer(request)


@extend_schema(parameters=[MODEL])
class ListedModel(Door):
    @described("One family", schemas.LISTED_MODEL, tag=OPENAI_TAG)
    def get(self, request: Request, model: str) -> HttpResponse:
        return self.answer(request)
