"""One account a role, all with one password."""

from dataclasses import dataclass

from django.db import transaction

from apps.accounts.roles import Role


@dataclass(frozen=True)
class DemoAccount:
    """`may` is what people are told; without a role it is everything. `is_staff` works in the admin, where
    the others have pages of their own."""

    username: str
    role: Role | None
    may: str
    is_staff: bool = False


# From high to low.
DEMO_ACCOUNTS = (
    DemoAccount("admin", None, "everything, people and roles included", is_staff=True),
    DemoAccount(
        "owner", Role.MODEL_OWNER, "model owner: data sets, runs, versions, promotion", is_staff=True
    ),
    DemoAccount("lead", Role.SUPPORT_LEAD, "support lead: knowledge, teaching, reports", is_staff=True),
    DemoAccount("agent", Role.AGENT, "support agent"),
    DemoAccount("agent2", Role.AGENT, "another support agent"),
    DemoAccount("analyst", Role.ANALYST, "analyst"),
    DemoAccount("merchandiser", Role.MERCHANDISER, "merchandiser"),
    DemoAccount("shopper", Role.SHOPPER, "shopper"),
    DemoAccount("auditor", Role.AUDITOR, "auditor: reads everything, changes nothing", is_staff=True),
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
