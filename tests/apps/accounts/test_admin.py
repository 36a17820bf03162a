import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from apps.accounts.models import ApiKey, AuditEntry, User
from apps.accounts.roles import Role
from apps.accounts.services.audit import record
from apps.accounts.services.keys import authenticate_key, issue_key, revoke_key

pytestmark = pytest.mark.django_db
KEY_FORM = {
    "name": "shop",
    "families": "support-intent, sentiment-polarity, support-intent",
    "rate_per_minute": "60",
}


def signed_in(client: Client, role: Role) -> User:
    user = User.objects.create_user(role.value, is_staff=True)
    user.groups.add(Group.objects.get(name=role.value))
    client.force_login(user)
    return user


def test_a_new_key_is_shown_once(client: Client) -> None:
    signed_in(client, Role.MODEL_OWNER)
    page = client.post("/admin/accounts/apikey/add/", KEY_FORM, follow=True).content.decode()

    shown = re.search(r"brt_[\w-]{40,}", page)
    assert shown is not None
    key = authenticate_key(shown.group())
    assert key is not None
    assert key.families == ["support-intent", "sentiment-polarity"]
    assert f"“{key}” was added" in page
    assert shown.group() not in client.get("/admin/accounts/apikey/").content.decode()


def test_a_key_for_a_family_that_is_not_there_is_refused(client: Client) -> None:
    signed_in(client, Role.MODEL_OWNER)
    page = client.post("/admin/accounts/apikey/add/", KEY_FORM | {"families": "support-intent, suport"})

    assert "There is no family suport. There are: " in page.content.decode()
    assert not ApiKey.objects.exists()


def test_a_key_is_revoked_from_the_list(client: Client) -> None:
    signed_in(client, Role.MODEL_OWNER)
    client.post("/admin/accounts/apikey/add/", KEY_FORM)
    key = ApiKey.objects.get()

    client.post("/admin/accounts/apikey/", {"action": "revoke", "_selected_action": [key.pk]})

    key.refresh_from_db()
    assert key.revoked_at is not None


def test_the_page_of_a_key_says_when_it_was_revoked(client: Client) -> None:
    owner = signed_in(client, Role.MODEL_OWNER)
    key = issue_key(name="shop", families=["*"], rate_per_minute=60, created_by=owner).key
    revoke_key(key=key, actor=owner, at=datetime(2026, 3, 4, tzinfo=UTC))

    page = client.get(f"/admin/accounts/apikey/{key.pk}/change/").content.decode()

    assert "4 March 2026" in page
    assert key.prefix in page


@pytest.mark.parametrize("of", ["auditentry", "apikey"])
def test_who_may_not_see_people_is_shown_their_names_and_no_way_to_them(client: Client, of: str) -> None:
    owner = signed_in(client, Role.MODEL_OWNER)
    key = issue_key(name="shop", families=["*"], rate_per_minute=60, created_by=owner).key
    number = {"auditentry": AuditEntry.objects.get(action="key.issued").pk, "apikey": key.pk}[of]

    page = client.get(f"/admin/accounts/{of}/{number}/change/").content.decode()

    assert page.count("/admin/accounts/user/") == 0
    assert f">{owner}<" in page


def test_entries_of_the_audit_trail_are_counted_as_entries(client: Client) -> None:
    signed_in(client, Role.AUDITOR)
    for _ in range(2):
        record(actor=None, action="key.issued", subject="key:1", detail={})

    page = client.get("/admin/accounts/auditentry/").content.decode()
    assert re.search(r"\d\s+audit entries", page)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SHOPPER])
def test_others_issue_no_keys(client: Client, role: Role) -> None:
    signed_in(client, role)

    assert client.post("/admin/accounts/apikey/add/", KEY_FORM).status_code == 403


PAST = {"expires_at_0": "2020-01-01", "expires_at_1": "12:00:00"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"families": " , "}, "Name at least one family, or * for all."), (PAST, "This time has passed.")],
)
def test_a_key_that_opens_nothing_is_refused(client: Client, change: dict[str, str], sentence: str) -> None:
    signed_in(client, Role.MODEL_OWNER)
    page = client.post("/admin/accounts/apikey/add/", KEY_FORM | change)

    assert sentence in page.content.decode()
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("change", [{"rate_per_minute": "0"}, {"name": ""}, {"families": ""}])
def test_a_malformed_key_form_comes_back(client: Client, change: dict[str, str]) -> None:
    signed_in(client, Role.MODEL_OWNER)

    assert client.post("/admin/accounts/apikey/add/", KEY_FORM | change).status_code == 200
    assert not ApiKey.objects.exists()


def test_the_auditor_reads_and_verifies_the_trail(client: Client) -> None:
    auditor = signed_in(client, Role.AUDITOR)
    entry = record(actor=auditor, action="a", subject="b", detail={})

    assert client.get(f"/admin/accounts/auditentry/{entry.pk}/change/").status_code == 200
    page = client.get("/admin/accounts/auditentry/", follow=True).content.decode()
    link = re.search(r'href="(/admin/accounts/auditentry/[^"]*verify[^"]*)"', page)
    assert link is not None
    assert f"The last has the hash {entry.hash}" in client.get(link.group(1), follow=True).content.decode()


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
def test_nobody_writes_the_trail_by_hand(client: Client, path: str) -> None:
    client.force_login(User.objects.create_superuser("admin"))
    record(actor=None, action="a", subject="b", detail={})

    assert client.post(f"/admin/accounts/auditentry/{path}", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("path", ["user/", "user/add/", "apikey/", "apikey/add/", "auditentry/"])
def test_every_page_opens_for_the_administrator(client: Client, path: str) -> None:
    client.force_login(User.objects.create_superuser("admin"))

    assert client.get(f"/admin/accounts/{path}").status_code == 200
