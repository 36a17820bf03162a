"""What becomes of a part of a page that is asked for by somebody who is not signed in any more."""

from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import urlencode

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import sync_and_async_middleware
from django_htmx.http import HttpResponseClientRedirect

from apps.ui.htmx import HtmxHttpRequest

Respond = Callable[[HttpRequest], HttpResponse] | Callable[[HttpRequest], Awaitable[HttpResponse]]


@sync_and_async_middleware
def sign_in_fills_the_window(get_response: Any) -> Respond:
    """htmx would follow to the sign-in page, and put it where the part of the page belongs."""
    if iscoroutinefunction(get_response):

        async def respond_async(request: HttpRequest) -> HttpResponse:
            return for_the_window(request, await get_response(request))

        return respond_async

    def respond(request: HttpRequest) -> HttpResponse:
        return for_the_window(request, get_response(request))

    return respond


def for_the_window(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    asked = cast(HtmxHttpRequest, request).htmx
    sign_in = reverse("accounts:login")
    if not asked or response.headers.get("Location", "").partition("?")[0] != sign_in:
        return response
    back = urlencode({"next": asked.current_url_abs_path or "/"}, safe="/")
    return HttpResponseClientRedirect(f"{sign_in}?{back}")
