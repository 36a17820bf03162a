from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

# As the views of the API name them; what Django refuses itself never gets as far as one.
API_CODES = {400: "bad_request", 403: "permission_denied", 404: "not_found", 500: "internal"}


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/home.html", {"has_demo_shop": settings.SUPPORT_DEMO})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request,
        400,
        _("That request could not be read"),
        _("Go back, check what you sent and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request,
        403,
        _("This page is not for your role"),
        _("Ask an administrator for the role that you need, or sign in with another account."),
    )


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request,
        404,
        _("There is no such page"),
        _("The address may be old or mistyped. Start again from the home page."),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """Where a form is sent that is refused before Django reads it."""
    return _error(
        request,
        413,
        _("That is more than a form takes"),
        _("Nothing was changed. Go back, and send less at once, or the same in several parts."),
    )


def failed(request: HttpRequest) -> HttpResponse:
    return _error(
        request,
        500,
        _("Something went wrong on our side"),
        _("Nothing that you had saved is lost. Try again in a minute; the failure is in the log."),
    )


def _error(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"code": API_CODES[status], "detail": title}, status=status)
    return render(request, "ui/error.html", {"title": title, "text": text}, status=status)
