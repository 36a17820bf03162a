"""Who has a role, and what a role may."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from django.apps import AppConfig, apps
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import DEFAULT_DB_ALIAS

from apps.accounts.models import User
from apps.accounts.roles import ROLE_PERMISSIONS, Role


def has_role(user: User | AnonymousUser, *roles: Role) -> bool:
    """A superuser has every role, somebody who is not signed in or not active none."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or user.groups.filter(name__in=roles).exists()


def permission_patterns(role: str) -> Iterable[str]:
    yield from ROLE_PERMISSIONS.get(role, ())
    for config in apps.get_app_configs():
        yield from getattr(config, "role_permissions", {}).get(role, ())


def grant_role_permissions(app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, **_: object) -> None:
    """After an app's tables and permissions exist: give each role what its patterns say of it, no more.

    A right that an upgrade took from a role leaves its people too. Groups that are no roles stay as they are.
    """
    if not app_config.name.startswith("apps."):
        return
    permissions = set(Permission.objects.using(using).filter(content_type__app_label=app_config.label))
    if not permissions:
        return
    groups = Group.objects.using(using)
    groups.bulk_create([Group(name=role.value) for role in Role], ignore_conflicts=True)
    for group in groups.filter(name__in=Role).prefetch_related("permissions"):
        wanted = granted(group.name, app_config.label, permissions)
        held = permissions.intersection(group.permissions.all())
        # Each change is told to open sockets, so nothing is changed that stays as it is.
        if held - wanted:
            group.permissions.remove(*held - wanted)
        if wanted - held:
            group.permissions.add(*wanted - held)


def granted(role: str, app_label: str, permissions: Iterable[Permission]) -> set[Permission]:
    patterns = tuple(permission_patterns(role))
    return {
        permission
        for permission in permissions
        if any(fnmatchcase(f"{app_label}.{permission.codename}", pattern) for pattern in patterns)
    }
