"""What all views for visitors share: who they are, from where they may ask, how often, and errors as JSON."""

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from redis.exceptions import RedisError
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.json_bodies import ShallowJSONParser
from apps.support.errors import SupportError
from apps.support.limits import TooManyError, spend_conversation, spend_request
from apps.support.models import Conversation, Visitor
from apps.support.origins import is_allowed_origin
from apps.support.selectors.conversations import current_conversation
from apps.support.services.visitors import VisitorTokenError, verify_token

logger = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024
PREFLIGHT_SECONDS = "600"

ErrorSchema = inline_serializer(
    "WidgetError",
    {
        "error": inline_serializer(
            "WidgetErrorBody", {"code": serializers.CharField(), "message": serializers.CharField()}
        )
    },
)
REFUSALS = {
    400: OpenApiResponse(ErrorSchema, "a field is wrong; nothing was changed"),
    401: OpenApiResponse(ErrorSchema, "no token, or one that is wrong, expired or revoked"),
    403: OpenApiResponse(ErrorSchema, "not from this site"),
    404: OpenApiResponse(ErrorSchema, "there is no conversation yet"),
    413: OpenApiResponse(ErrorSchema, "the body is too large"),
    429: OpenApiResponse(ErrorSchema, "too many requests; Retry-After says when to come again"),
    503: OpenApiResponse(ErrorSchema, "a store is away for a moment"),
}
# By code; of any other a field is wrong.
STATUS = {
    "bad_token": 401,
    "customer_erased": 401,
    "bad_origin": 403,
    "bad_identity": 403,
    "old_identity": 403,
    "too_large": 413,
    "too_many": 429,
}


class BadOriginError(SupportError):
    code = "bad_origin"


class TooLargeError(SupportError):
    code = "too_large"


class VisitorAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`, the token of a session; no cookie is looked at."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Visitor] | None:
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return AnonymousUser(), verify_token(token.strip())

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="support"'


class IsVisitor(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, Visitor):
            raise VisitorTokenError
        return True


class VisitorView(APIView):
    authentication_classes = (VisitorAuthentication,)
    permission_classes: tuple[type[BasePermission], ...] = (IsVisitor,)
    parser_classes = (ShallowJSONParser,)
    throttle_classes = ()
    part_of_api = "Chat widget"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not is_allowed_origin(request.headers.get("Origin", "")):
            raise BadOriginError(_("This site may not carry the widget. Its lead can add it to the policy."))
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise TooLargeError(_("The request is larger than %(bytes)d bytes.") % {"bytes": LARGEST_BODY})
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, Visitor):
            spend_request(request.auth.pk, self.address)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """What a browser asks before it sends a token to another site."""
        answer = Response(status=204)
        answer["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        answer["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        answer["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
        return answer

    def check_permissions(self, request: Request) -> None:
        if request.method != "OPTIONS":
            super().check_permissions(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        add_never_cache_headers(answer)
        patch_vary_headers(answer, ("Origin",))
        origin = request.headers.get("Origin", "")
        if origin and is_allowed_origin(origin):
            answer["Access-Control-Allow-Origin"] = origin
            answer["Access-Control-Expose-Headers"] = "Retry-After"
        return answer

    def get_exception_handler(self) -> Any:
        return answer_error

    @property
    def address(self) -> str:
        return str(self.request.META.get("REMOTE_ADDR", ""))

    @property
    def visitor(self) -> Visitor:
        visitor = self.request.auth
        if not isinstance(visitor, Visitor):
            raise VisitorTokenError
        return visitor

    def spend_beginning(self, at: datetime) -> None:
        """What begins a conversation counts as that, too."""
        if current_conversation(self.visitor, at=at) is None:
            spend_conversation(self.visitor.pk, self.address)

    def conversation(self) -> Conversation:
        """Only ever the visitor's own: no request can name another."""
        found = current_conversation(self.visitor, at=timezone.now())
        if found is None:
            raise Http404
        return found


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every foreseen error as {"error": {"code", "message"}}; what nobody foresaw rises."""
    if isinstance(error, SupportError):
        answer = _error(STATUS.get(error.code, 400), error.code, str(error))
        if isinstance(error, TooManyError):
            answer["Retry-After"] = str(error.retry_after_seconds)
        if isinstance(error, VisitorTokenError):
            answer["WWW-Authenticate"] = 'Bearer realm="support"'
        return answer
    if isinstance(error, Http404):
        return _error(404, "not_found", _("There is no conversation yet. Send a message first."))
    if isinstance(error, exceptions.ValidationError):
        return _error(400, "invalid", _first(error.detail))
    if isinstance(error, exceptions.APIException):
        return _error(error.status_code, str(error.default_code), str(error.detail))
    if isinstance(error, RedisError | DatabaseError):
        # What a database says of it may name what somebody wrote.
        logger.warning(
            "A store is away: %s", error if isinstance(error, RedisError) else type(error).__name__
        )
        return _error(503, "unavailable", _("A store is away for a moment. Try again."))
    return None


def _error(status: int, code: str, message: str) -> Response:
    return Response({"error": {"code": code, "message": message}}, status=status)


def _first(detail: Any, field: str = "") -> str:
    """The first wrong field and what is wrong with it."""
    if isinstance(detail, dict) and detail:
        name, inner = next(iter(detail.items()))
        return _first(inner, str(name))
    if isinstance(detail, list) and detail:
        return _first(detail[0], field)
    return f"{field}: {detail}" if field else str(detail)
