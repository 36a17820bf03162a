import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from apps.accounts.models import AuditEntry, User
from apps.accounts.roles import Role

pytestmark = pytest.mark.django_db
SAVED = {"username": "eve", "is_active": "on", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}


@pytest.fixture
def boss(client: Client) -> User:
    user = User.objects.create_superuser("boss")
    client.force_login(user)
    return user


@pytest.fixture
def eve(boss: User) -> User:
    return User.objects.create_user("eve", password="a-long-enough-one")


def latest() -> AuditEntry:
    return AuditEntry.objects.latest("number")


def test_who_gives_a_role_is_in_the_trail(client: Client, boss: User, eve: User) -> None:
    lead = Group.objects.get(name=Role.SUPPORT_LEAD)
    client.post(f"/admin/accounts/user/{eve.pk}/change/", {**SAVED, "is_staff": "on", "groups": [lead.pk]})

    entry = latest()
    assert (entry.action, entry.actor, entry.subject) == ("person.changed", boss, f"user:{eve.pk}")
    assert (entry.detail["roles"], entry.detail["is_staff"]) == (["support_lead"], True)
    assert (entry.detail["is_superuser"], entry.detail["is_active"]) == (False, True)


def test_who_sets_a_password_is_in_the_trail(client: Client, eve: User) -> None:
    form = {"password1": "another-long-one", "password2": "another-long-one", "usable_password": "true"}
    client.post(f"/admin/accounts/user/{eve.pk}/password/", form)

    assert latest().action == "person.changed"
    assert latest().detail["fields"] == ["password"]
    assert "another-long-one" not in str(latest().detail)


def test_who_makes_and_removes_an_account_is_in_the_trail(client: Client, boss: User) -> None:
    form = {"username": "new", "password1": "another-long-one", "password2": "another-long-one"}
    client.post("/admin/accounts/user/add/", {**form, "usable_password": "true"})
    made = User.objects.get(username="new")
    client.post(f"/admin/accounts/user/{made.pk}/delete/", {"post": "yes"})

    told = list(AuditEntry.objects.order_by("number").values_list("action", "subject"))
    assert told[-2:] == [(f"person.{what}", f"user:{made.pk}") for what in ("added", "deleted")]


def test_what_is_done_to_a_role_is_in_the_trail(client: Client, boss: User) -> None:
    unmask = Permission.objects.get(codename="unmask_conversation")
    client.post("/admin/auth/group/add/", {"name": "night shift"})
    role = Group.objects.get(name="night shift")
    client.post(f"/admin/auth/group/{role.pk}/change/", {"name": "night shift", "permissions": [unmask.pk]})
    client.post(f"/admin/auth/group/{role.pk}/delete/", {"post": "yes"})

    told = list(AuditEntry.objects.filter(subject=f"role:{role.pk}").order_by("number"))
    assert [one.action for one in told] == ["role.added", "role.changed", "role.deleted"]
    assert [one.detail["permissions"] for one in told[:2]] == [[], ["support.unmask_conversation"]]
