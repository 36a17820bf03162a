"""One account a role, all with one password."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.roles import Role

# Who works in the admin; the others have pages of their own.
STAFF = frozenset({Role.MODEL_OWNER, Role.SUPPORT_LEAD, Role.AUDITOR})


@dataclass(frozen=True)
class DemoAccount:
    username: str
    role: Role | None


DEMO_ACCOUNTS = (
    DemoAccount("admin", None),
    DemoAccount("owner", Role.MODEL_OWNER),
    DemoAccount("lead", Role.SUPPORT_LEAD),
    DemoAccount("agent", Role.AGENT),
    DemoAccount("agent2", Role.AGENT),
    DemoAccount("analyst", Role.ANALYST),
    DemoAccount("merchandiser", Role.MERCHANDISER),
    DemoAccount("shopper", Role.SHOPPER),
    DemoAccount("auditor", Role.AUDITOR),
)


@transaction.atomic
def ensure_demo_accounts(*, password: str) -> None:
    # One hash for all: they share the password anyway, and each hash takes half a second on purpose.
    stored = make_password(password)
    for account in DEMO_ACCOUNTS:
        user, _created = User.objects.get_or_create(username=account.username)
        user.password = stored
        user.is_active = True
        user.is_superuser = account.role is None
        user.is_staff = account.role is None or account.role in STAFF
        user.save()
        if account.role is not None:
            user.groups.add(Group.objects.get(name=account.role.value))
