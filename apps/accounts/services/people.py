"""What is done to accounts and roles: whoever gives a right leaves a trace of it."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import Group, Permission

from apps.accounts.models import User
from apps.accounts.services import audit


def record_person(*, action: str, person: User, actor: User, fields: Sequence[str] = ()) -> None:
    """In the caller's transaction.

    Args:
        action: `added`, `changed` or `deleted`.
        person: as they are after it; before it where they are deleted.
        fields: that were changed, by what the form calls them.
    """
    detail = {
        "fields": list(fields),
        "is_active": person.is_active,
        "is_staff": person.is_staff,
        "is_superuser": person.is_superuser,
        "roles": sorted(person.groups.values_list("name", flat=True)),
        "permissions": _named(person.user_permissions.select_related("content_type")),
    }
    audit.record(actor=actor, action=f"person.{action}", subject=f"user:{person.pk}", detail=detail)


def record_role(*, action: str, role: Group, actor: User) -> None:
    """As `record_person`."""
    detail = {"name": role.name, "permissions": _named(role.permissions.select_related("content_type"))}
    audit.record(actor=actor, action=f"role.{action}", subject=f"role:{role.pk}", detail=detail)


def _named(permissions: Iterable[Permission]) -> list[str]:
    return sorted(f"{one.content_type.app_label}.{one.codename}" for one in permissions)
