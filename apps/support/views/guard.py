"""Who may open a page of the service, and how a refusal of a service is told there."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.registry.errors import RegistryError
from apps.support import access
from apps.support.errors import SupportError
from apps.support.texts import is_storable
from apps.ui.sentences import said
from modelcore.errors import ModelcoreError

View = Callable[..., HttpResponse]
Result = TypeVar("Result")


def page(permission: str) -> Callable[[View], View]:
    """For who has the permission; others get to the sign-in page or a refusal."""
    return _guarded(permission, ["GET", "HEAD"])


def form(permission: str) -> Callable[[View], View]:
    """A page with a form on it."""
    return _guarded(permission, ["GET", "HEAD", "POST"])


def button(permission: str) -> Callable[[View], View]:
    return _guarded(permission, ["POST"])


def person(request: HttpRequest) -> User:
    """Who is signed in; behind a guard that is somebody."""
    return cast(User, request.user)


def tried(request: HttpRequest, call: Callable[[], Result], success: str = "") -> Result | None:
    """Make the one domain call of a button; what it says, well or refused, is on the next page."""
    try:
        result = call()
    except (SupportError, RegistryError) as refusal:
        messages.error(request, str(refusal))
        return None
    except ModelcoreError as error:
        messages.error(request, said(error.sentence))
        return None
    if success:
        messages.success(request, success)
    return result


def _is_storable(request: HttpRequest) -> bool:
    fields = (value for _name, values in request.POST.lists() for value in values)
    return all(map(is_storable, (request.path, *fields)))


def _guarded(permission: str, methods: list[str]) -> Callable[[View], View]:
    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not access.may(request.user, permission):
                raise PermissionDenied
            if not _is_storable(request):
                raise SuspiciousOperation(_("A field holds a character that cannot be stored, such as NUL."))
            return view(request, *args, **kwargs)

        # What customers wrote stays in no browser after somebody has signed out.
        return never_cache(require_http_methods(methods)(login_required(guarded)))

    return guard
