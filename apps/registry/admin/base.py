"""What the registry's pages share: who may see and change them, and how a refusal is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.registry import access
from apps.registry.errors import RegistryError
from apps.ui.admin_lists import ListAdmin
from apps.ui.sentences import said
from modelcore.errors import InputError

View = Callable[..., HttpResponse]
Result = TypeVar("Result")


class RegistryAdmin(ListAdmin):
    """Rows that only services write: they are read here, and changed by buttons that call a service."""

    list_fullwidth = True
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_read(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.may_read(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def row_page(self, request: HttpRequest, row: Any, /) -> HttpResponse | None:
        """What is shown of one row; None is Django's own page of it."""
        return None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        is_shown = row is not None and self.has_view_permission(request, row)
        shown = self.row_page(request, row) if is_shown else None
        if shown is None:
            shown = cast(HttpResponse, super().change_view(request, object_id, form_url, extra_context))
        return shown

    def page(
        self, request: HttpRequest, template: str, title: Any, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "may_change": access.may_change(request.user),
            "list_url": reverse(f"admin:registry_{self.opts.model_name}_changelist"),
        }
        return TemplateResponse(request, f"admin/registry/{template}", {**shared, **context}, status=status)

    def reading(self, route: str, view: View, name: str) -> URLPattern:
        return self._route(route, view, name, access.may_read, ["GET", "HEAD"])

    def changing(self, route: str, view: View, name: str, methods: tuple[str, ...] = ("POST",)) -> URLPattern:
        return self._route(route, view, name, access.may_change, list(methods))

    def _route(
        self, route: str, view: View, name: str, may: Callable[[Any], bool], methods: list[str]
    ) -> URLPattern:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        wrapped: View = self.admin_site.admin_view(require_http_methods(methods)(guarded))
        return path(route, wrapped, name=f"registry_{self.opts.model_name}_{name}")


def attempt(request: HttpRequest, call: Callable[[], Result], done: Any) -> Result | None:
    """Make one call of a service and say that it is done, or the sentence with which it was refused."""
    try:
        result = call()
    except RegistryError as refusal:
        messages.error(request, str(refusal))
        return None
    except InputError as refusal:
        messages.error(request, said(refusal.sentence))
        return None
    messages.success(request, str(done))
    return result


def person(request: HttpRequest) -> User:
    """Who asks; the admin lets nobody in who is not signed in."""
    return cast(User, request.user)
