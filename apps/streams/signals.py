"""Rights and sessions that end while sockets are open are announced, so that these are closed at once."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from apps.accounts.models import User
from apps.streams.access import name_of
from apps.streams.services.notifications import tell_access_changed

# A person's sign-in writes this alone.
WITHOUT_RIGHTS = frozenset({"last_login"})
CHANGES = frozenset({"post_add", "post_remove", "post_clear"})


@receiver(post_save, sender=User)
def person_saved(instance: User, created: bool, update_fields: frozenset[str] | None, **_: Any) -> None:
    if not created and update_fields != WITHOUT_RIGHTS:
        transaction.on_commit(lambda: tell_access_changed(reader=name_of(instance)))


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def rights_of_person_changed(instance: User | Group | Permission, action: str, **_: Any) -> None:
    if action in CHANGES:
        reader = name_of(instance) if isinstance(instance, User) else None
        transaction.on_commit(lambda: tell_access_changed(reader=reader))


@receiver(m2m_changed, sender=Group.permissions.through)
def rights_of_role_changed(action: str, **_: Any) -> None:
    if action in CHANGES:
        transaction.on_commit(lambda: tell_access_changed(reader=None))


@receiver(post_delete, sender=Session)
def session_ended(instance: Session, **_: Any) -> None:
    """Not `user_logged_out`, which is told while the session is still there."""
    person = instance.get_decoded().get(SESSION_KEY)
    if person is not None:
        transaction.on_commit(lambda: tell_access_changed(reader=f"user:{person}"))
