from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import sync_and_async_middleware

Respond = Callable[[HttpRequest], HttpResponse] | Callable[[HttpRequest], Awaitable[HttpResponse]]

# The admin's theme is written with Alpine, which evaluates expressions in attributes and sets styles.
ADMIN_POLICY = {
    "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}
# Nothing here needs a device, so no page may ask for one.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
)


@sync_and_async_middleware
def page_policies(get_response: Any) -> Respond:
    """Relax the content security policy below the admin and nowhere else; allow no page a device."""
    if iscoroutinefunction(get_response):

        async def respond_async(request: HttpRequest) -> HttpResponse:
            return with_policies(request, await get_response(request))

        return respond_async

    def respond(request: HttpRequest) -> HttpResponse:
        return with_policies(request, get_response(request))

    return respond


@sync_and_async_middleware
def admin_without_nul(get_response: Any) -> Respond:
    """PostgreSQL stores no NUL, so that an address of the admin with one, as key or filter, names nothing."""
    if iscoroutinefunction(get_response):

        async def respond_async(request: HttpRequest) -> HttpResponse:
            refuse_nul(request)
            answer: HttpResponse = await get_response(request)
            return answer

        return respond_async

    def respond(request: HttpRequest) -> HttpResponse:
        refuse_nul(request)
        answer: HttpResponse = get_response(request)
        return answer

    return respond


def refuse_nul(request: HttpRequest) -> None:
    if not request.path.startswith(reverse("admin:index")):
        return
    if "\0" in request.path or "%00" in request.META["QUERY_STRING"]:
        raise Http404


def with_policies(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    if request.path.startswith(reverse("admin:index")):
        response._csp_update = ADMIN_POLICY  # type: ignore[attr-defined]  # how django-csp is told, see its decorators
    return response
