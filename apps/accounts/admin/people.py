"""Accounts and roles, in Django's own forms. What these write down is audited as well."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from apps.accounts.models import User
from apps.accounts.services.people import record_person, record_role
from apps.ui.admin_lists import ListAdmin

admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin, ListAdmin):  # type: ignore[type-arg]  # generic in the stubs alone
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> Any:
        record_person(action="added", person=obj, actor=cast(User, request.user))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        fields = [field for part in message for field in part.get("changed", {}).get("fields", ())]
        record_person(action="changed", person=obj, actor=cast(User, request.user), fields=fields)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[User]) -> Any:
        for person in queryset:
            record_person(action="deleted", person=person, actor=cast(User, request.user))
        return super().log_deletions(request, queryset)


@admin.register(Group)
class RoleAdmin(GroupAdmin, ListAdmin):
    def log_addition(self, request: HttpRequest, obj: Group, message: Any) -> Any:
        record_role(action="added", role=obj, actor=cast(User, request.user))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Group, message: Any) -> Any:
        record_role(action="changed", role=obj, actor=cast(User, request.user))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Group]) -> Any:
        for role in queryset:
            record_role(action="deleted", role=role, actor=cast(User, request.user))
        return super().log_deletions(request, queryset)
