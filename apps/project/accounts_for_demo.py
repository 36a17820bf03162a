"""One account a role, all with one password."""

from dataclasses import dataclass

from django.db import transaction


@dataclass(frozen=True)
class DemoAccount:
    """`may` is what people are told; without a role it is everything. `is_staff` works in the admin, where
    the others have pages of their own."""

    username: str
    role: str | None
    may: str
    is_staff: bool = False


# From high to low.
DEMO_ACCOUNTS = (
    DemoAccount("admin", None, "everything, people and roles included", is_staff=True),
    DemoAccount("owner", "model_owner", "model owner: data sets, runs, versions, promotion", is_staff=True),
    DemoAccount("lead", "support_lead", "support lead: knowledge, teaching, reports", is_staff=True),
    DemoAccount("agent", "agent", "support agent"),
    DemoAccount("agent2", "agent", "another support agent"),
    DemoAccount("analyst", "analyst", "analyst"),
    DemoAccount("merchandiser", "merchandiser", "merchandiser"),
    DemoAccount("shopper", "shopper", "shopper"),
    DemoAccount("auditor", "auditor", "auditor: reads everything, changes nothing", is_staff=True),
)


@transaction.atomic
def ensure_demo_accounts(*, password: str) -> None:
    # Who starts the demo tells of the accounts without Django's models.
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import Group

    from apps.accounts.models import User

    # One hash for all: they share the password anyway, and each hash takes half a second on purpose.
    stored = make_password(password)
    for account in DEMO_ACCOUNTS:
        user, _created = User.objects.get_or_create(username=account.username)
        user.password = stored
        user.is_active = True
        user.is_superuser = account.role is None
        user.is_staff = account.is_staff
        user.save()
        if account.role is not None:
            user.groups.add(Group.objects.get(name=account.role))
