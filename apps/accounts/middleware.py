"""What becomes of a part of a page that is asked for by somebody who is not signed in any more."""

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from apps.ui.htmx import HtmxHttpRequest
from apps.ui.middleware import around


def for_the_window(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """htmx would follow to the sign-in page, and put it where the part of the page belongs."""
    asked = cast(HtmxHttpRequest, request).htmx
    sign_in = reverse("accounts:login")
    if not asked or response.headers.get("Location", "").partition("?")[0] != sign_in:
        return response
    back = urlencode({"next": asked.current_url_abs_path or "/"}, safe="/")
    return HttpResponseClientRedirect(f"{sign_in}?{back}")


sign_in_fills_the_window = around(after=for_the_window)
