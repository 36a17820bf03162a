"""What every view of the API shares: who may, how long a page is, and errors as JSON with a code."""

import logging
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from redis.exceptions import RedisError
from rest_framework import exceptions, serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView, exception_handler

from apps.accounts.models import ApiKey, User
from apps.accounts.models.keys import ALL_FAMILIES
from apps.registry import access
from apps.registry.api.serializers import FamilyQuerySerializer
from apps.registry.errors import RegistryError
from apps.registry.families import UnknownFamilyError
from apps.registry.services.promotion import GateRefusedError
from apps.registry.store import ContentLostError
from apps.ui.sentences import said
from modelcore.errors import InputError

logger = logging.getLogger(__name__)

STORE_AWAY_SECONDS = "5"
NON_FIELD_ERRORS_KEY = api_settings.NON_FIELD_ERRORS_KEY

ErrorSchema = inline_serializer(
    "Error",
    {
        "code": serializers.CharField(),
        "detail": serializers.CharField(),
        "fields": serializers.DictField(required=False),
        "report": serializers.DictField(required=False),
    },
)
REFUSALS = {
    400: OpenApiResponse(ErrorSchema, "a field is wrong; nothing was changed"),
    401: OpenApiResponse(ErrorSchema, "not signed in"),
    403: OpenApiResponse(ErrorSchema, "not allowed"),
    404: OpenApiResponse(ErrorSchema, "there is no such thing"),
    405: OpenApiResponse(ErrorSchema, "another method is needed"),
    406: OpenApiResponse(ErrorSchema, "the answer is JSON, which is not accepted"),
    409: OpenApiResponse(ErrorSchema, "the registry refuses; nothing was changed"),
    411: OpenApiResponse(ErrorSchema, "the body's length was not told"),
    413: OpenApiResponse(ErrorSchema, "the body is too large"),
    415: OpenApiResponse(ErrorSchema, "another content type is needed"),
    429: OpenApiResponse(ErrorSchema, "too many requests"),
    503: OpenApiResponse(ErrorSchema, "a store is damaged or away"),
}


class RegistryAccess(BasePermission):
    """People by their role; keys read the families that they are for, and change nothing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if isinstance(request.auth, ApiKey):
            return request.method in view.methods_of_keys
        is_reading = request.method in SAFE_METHODS
        return access.may_read(request.user) if is_reading else access.may_change(request.user)


class Pages(PageNumberPagination):
    page_size = 50


class RegistryView(APIView):
    permission_classes = (RegistryAccess,)
    methods_of_keys = SAFE_METHODS
    part_of_api = "Registry"

    @property
    def person(self) -> User:
        """Who asks for a change: keys ask for none."""
        return cast(User, self.request.user)

    def get_exception_handler(self) -> Any:
        return answer_error


ModelType = TypeVar("ModelType", bound=Model)


def checked(serializer: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """What was asked for, by field.

    Raises:
        ValidationError: a field is missing or wrong.
    """
    asked = serializer(data=data)
    asked.is_valid(raise_exception=True)
    values: dict[str, Any] = asked.validated_data
    return values


def visible(request: Request, queryset: QuerySet[ModelType]) -> QuerySet[ModelType]:
    """The rows of the families that the caller may see."""
    key = request.auth
    if not isinstance(key, ApiKey) or ALL_FAMILIES in key.families:
        return queryset
    return queryset.filter(family__in=key.families)


def visible_of_family(request: Request, queryset: QuerySet[ModelType]) -> QuerySet[ModelType]:
    """The same, of the one family that the query names if it names one."""
    # A plain dict: of a form, which a QueryDict is taken for, an empty field would count as absent.
    told = checked(FamilyQuerySerializer, request.query_params.dict())
    return visible(request, queryset).filter(**told)


class StoreAwayError(exceptions.APIException):
    status_code = 503
    default_code = "unavailable"
    default_detail = gettext_lazy("A store is away for a moment. Try again.")


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every foreseen error as {"code", "detail"}; what nobody foresaw rises."""
    known = _registry_error(error)
    if known is not None:
        return known
    if isinstance(error, RedisError | OperationalError | InterfaceError):
        logger.warning("a request was refused, because a store is away: %s", error)
        away = _answer(503, "unavailable", _("A store is away for a moment. Try again."))
        away["Retry-After"] = STORE_AWAY_SECONDS
        return away
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _body(error)
    return response


def _registry_error(error: Exception) -> Response | None:
    if isinstance(error, GateRefusedError):
        return _answer(409, error.code, str(error), report=error.report.to_json())
    if isinstance(error, RegistryError):
        return _answer(409, error.code, str(error))
    if isinstance(error, UnknownFamilyError):
        return _answer(404, "unknown_family", said(error.sentence))
    if isinstance(error, InputError):
        return _answer(400, "bad_input", said(error.sentence))
    if isinstance(error, ContentLostError):
        return _answer(503, "content_lost", said(error.sentence))
    return None


def _answer(status: int, code: str, detail: str, **more: Any) -> Response:
    return Response({"code": code, "detail": detail, **more}, status=status)


def _body(error: Exception) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {NON_FIELD_ERRORS_KEY: error.detail}
        name, errors = next(iter(fields.items()), ("", ""))
        of_field = "" if name == NON_FIELD_ERRORS_KEY else f"{name}: "
        return {"code": "invalid", "detail": f"{of_field}{_first(errors)}", "fields": fields}
    if isinstance(error, Http404):
        # What Django says of it is the name of a class.
        return {"code": "not_found", "detail": _("There is no such thing.")}
    if isinstance(error, PermissionDenied):
        return {"code": "permission_denied", "detail": str(error) or _("You may not do this.")}
    if isinstance(error, exceptions.APIException):
        return {
            "code": error.get_codes() if isinstance(error.get_codes(), str) else "error",
            "detail": str(error.detail),
        }
    return {"code": "error", "detail": str(error)}


def _first(errors: Any) -> str:
    while isinstance(errors, list | dict) and errors:
        errors = next(iter(errors.values())) if isinstance(errors, dict) else errors[0]
    return str(errors)
