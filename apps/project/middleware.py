from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from apps.ui.middleware import around

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


def refuse_nul(request: HttpRequest) -> None:
    """PostgreSQL stores no NUL, so that an address of the admin with one, as key or filter, names nothing."""
    if not request.path.startswith(reverse("admin:index")):
        return
    if "\0" in request.path or "%00" in request.META["QUERY_STRING"]:
        raise Http404


def with_policies(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Relax the content security policy below the admin and nowhere else; allow no page a device."""
    response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    if request.path.startswith(reverse("admin:index")):
        response._csp_update = ADMIN_POLICY  # type: ignore[attr-defined]  # how django-csp is told, see its decorators
    return response


admin_without_nul = around(before=refuse_nul)
page_policies = around(after=with_policies)
