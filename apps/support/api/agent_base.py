"""What the views for agents' programs share: who may, how often, and errors as the registry tells them."""

from typing import Any, cast

from django.utils.cache import add_never_cache_headers
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.registry.api import base as registry
from apps.support import access
from apps.support.errors import SupportError
from apps.support.limits import TooManyError, spend_agent
from apps.support.services.conversations import ShownElsewhereError

ErrorSchema = inline_serializer(
    "AgentError",
    {
        "code": serializers.CharField(),
        "detail": serializers.CharField(),
        "fields": serializers.DictField(required=False),
        "conversation": serializers.UUIDField(required=False),
    },
)
REFUSALS = {
    400: OpenApiResponse(ErrorSchema, "a field is wrong; nothing was changed"),
    401: OpenApiResponse(ErrorSchema, "not signed in"),
    403: OpenApiResponse(ErrorSchema, "not allowed"),
    404: OpenApiResponse(ErrorSchema, "there is no such thing"),
    409: OpenApiResponse(ErrorSchema, "the conversation is not as that needs it; nothing was changed"),
    429: OpenApiResponse(ErrorSchema, "too many requests; Retry-After says when to come again"),
    503: OpenApiResponse(ErrorSchema, "a store is away; Retry-After says when to come again"),
}
# By code; of any other the conversation is not as that needs it.
STATUS = {
    "bad_client_id": 400,
    "bad_body": 400,
    "empty_body": 400,
    "long_body": 400,
    "not_allowed": 403,
    "too_many": 429,
}


class AgentAccess(BasePermission):
    """People by their role. A key is no person: it can own no conversation, and answers for none."""

    def has_permission(self, request: Request, view: Any) -> bool:
        wanted = access.MAY_READ if request.method in SAFE_METHODS else access.MAY_WORK
        return isinstance(request.user, User) and access.may(request.user, wanted)


class AgentView(APIView):
    permission_classes = (AgentAccess,)
    methods_of_keys = ()
    part_of_api = "Conversations"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        spend_agent(self.agent.pk)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        add_never_cache_headers(answer)
        return answer

    @property
    def agent(self) -> User:
        return cast(User, self.request.user)

    def get_exception_handler(self) -> Any:
        return answer_error


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every foreseen error as {"code", "detail"}; what nobody foresaw rises."""
    if not isinstance(error, SupportError):
        return registry.answer_error(error, context)
    answer = Response({"code": error.code, "detail": str(error)}, status=STATUS.get(error.code, 409))
    if isinstance(error, ShownElsewhereError):
        answer.data["conversation"] = error.shown.public_id
    if isinstance(error, TooManyError):
        answer["Retry-After"] = str(error.retry_after_seconds)
    return answer
