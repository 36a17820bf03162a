"""Everybody who is signed in changes their own password, on one page, with a line in the trail."""

import pytest
from django.test import Client

from apps.accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db
PAGE = "/password/"
BEFORE, AFTER = "a-long-enough-one", "another-long-enough-one"


@pytest.fixture
def shopper() -> User:
    return User.objects.create_user("shopper", password=BEFORE)


def change(client: Client, **fields: str) -> str:
    """Where the browser is led; empty where the form is shown again."""
    told = {"old_password": BEFORE, "new_password1": AFTER, "new_password2": AFTER, **fields}
    return client.post(PAGE, told).headers.get("Location", "")


def test_who_changed_it_stays_signed_in_here_and_nowhere_else(shopper: User) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.force_login(shopper)

    assert change(here) == "/"

    shopper.refresh_from_db()
    assert shopper.check_password(AFTER)
    assert [client.get(PAGE).status_code for client in (here, elsewhere)] == [200, 302]


def test_a_change_is_in_the_trail_without_a_word_of_it(client: Client, shopper: User) -> None:
    client.force_login(shopper)
    change(client)

    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.actor, entry.detail["fields"]) == ("person.changed", shopper, ["password"])
    assert AFTER not in str(entry.detail)


@pytest.mark.parametrize(
    "fields",
    [
        {"old_password": "wrong"},
        {"new_password2": "mistyped"},
        {"new_password1": "short", "new_password2": "short"},
        {"new_password1": "nul\0" + AFTER, "new_password2": "nul\0" + AFTER},
        {"old_password": ""},
    ],
)
def test_what_does_not_fit_changes_nothing(client: Client, shopper: User, fields: dict[str, str]) -> None:
    client.force_login(shopper)

    assert change(client, **fields) == ""

    shopper.refresh_from_db()
    assert shopper.check_password(BEFORE)
    assert not AuditEntry.objects.filter(action="person.changed").exists()


def test_wrong_old_passwords_count_as_at_the_door(client: Client, shopper: User) -> None:
    client.force_login(shopper)
    told = {"new_password1": AFTER, "new_password2": AFTER}

    statuses = [client.post(PAGE, {"old_password": f"wrong {i}", **told}).status_code for i in range(5)]

    assert statuses == [200] * 4 + [429]
    assert change(client) == ""
    shopper.refresh_from_db()
    assert shopper.check_password(BEFORE)
    assert AuditEntry.objects.get(action="sign_in.locked").subject == f"user:{shopper.pk}"
    assert client.get(PAGE).status_code == 200


def test_nobody_is_led_to_the_door(client: Client) -> None:
    assert change(client) == f"/sign-in/?next={PAGE}"


def test_the_admin_leads_to_the_same_page(client: Client) -> None:
    assert client.get("/admin/password_change/").headers["Location"] == PAGE


def test_the_bar_leads_there(client: Client, shopper: User) -> None:
    client.force_login(shopper)

    assert f'href="{PAGE}"' in client.get("/").text
