import pytest
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from apps.accounts import lockout
from apps.accounts.models import AuditEntry, User
from apps.accounts.roles import Role

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-one"
SIGN_IN = "/sign-in/"


@pytest.fixture
def owner() -> User:
    user = User.objects.create_user("owner", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=Role.MODEL_OWNER))
    return user


def attempt(client: Client, password: str, username: str = "owner") -> int:
    return client.post(SIGN_IN, {"username": username, "password": password}).status_code


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


def test_the_page_asks_for_name_and_password(client: Client) -> None:
    page = client.get(SIGN_IN).content.decode()

    assert 'name="username"' in page
    assert 'name="password"' in page


def test_who_signs_in_goes_where_they_wanted(client: Client, owner: User) -> None:
    answer = client.post(
        f"{SIGN_IN}?next=/admin/", {"username": "owner", "password": PASSWORD, "next": "/admin/"}
    )

    assert answer.headers["Location"] == "/admin/"
    assert actions() == ["sign_in"]


def test_nobody_is_sent_to_another_site(client: Client, owner: User) -> None:
    form = {"username": "owner", "password": PASSWORD, "next": "https://elsewhere.example/"}

    assert client.post(SIGN_IN, form).headers["Location"] == "/"


def test_a_wrong_password_gets_a_sentence_and_a_line_in_the_trail(client: Client, owner: User) -> None:
    page = client.post(SIGN_IN, {"username": "owner", "password": "wrong"}).content.decode()

    assert "do not belong together" in page
    assert actions() == ["sign_in.refused"]


def test_what_was_typed_instead_of_a_name_is_not_written_down(client: Client) -> None:
    attempt(client, "x", username="my-secret-password")

    assert AuditEntry.objects.get().subject == "user:unknown"
    (attempted,) = AccessAttempt.objects.values()
    assert "my-secret-password" not in str(attempted)


def test_from_where_somebody_signs_in_is_kept_of_nobody(client: Client, owner: User) -> None:
    assert attempt(client, PASSWORD) == 302

    assert not AccessLog.objects.exists()


def test_a_lock_out_names_the_person_in_the_trail(client: Client, owner: User) -> None:
    for _ in range(5):
        attempt(client, "wrong")

    assert AuditEntry.objects.get(action="sign_in.locked").subject == f"user:{owner.pk}"


def test_the_fifth_wrong_password_locks_even_the_right_one_out(client: Client, owner: User) -> None:
    statuses = [attempt(client, "wrong") for _ in range(5)]

    assert statuses == [200, 200, 200, 200, 429]
    assert attempt(client, PASSWORD) == 429
    assert sorted(actions()) == ["sign_in.locked", *["sign_in.refused"] * 5]


def test_a_lock_out_says_what_to_do(client: Client, owner: User) -> None:
    for _ in range(5):
        attempt(client, "wrong")
    page = client.post(SIGN_IN, {"username": "owner", "password": "wrong"}).content.decode()

    assert "Wait 15 minutes" in page


def test_one_locked_name_locks_no_other(client: Client, owner: User) -> None:
    for _ in range(5):
        attempt(client, "wrong", username="somebody")

    assert attempt(client, PASSWORD) == 302


def test_who_tries_one_password_on_every_name_is_stopped(
    client: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "NAMES_AN_ADDRESS", 2)
    statuses = [attempt(client, "wrong", username=f"name-{number}") for number in range(10)]

    assert statuses == [200] * 9 + [429]
    assert attempt(client, PASSWORD) == 429
    assert (
        client.post(
            SIGN_IN, {"username": "owner", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9"
        ).status_code
        == 302
    )


def test_another_address_of_the_same_household_is_no_way_around(
    client: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "AXES_FAILURE_LIMIT", 2)
    forms = [{"username": "owner", "password": "wrong"}] * 2
    for number, form in enumerate(forms):
        client.post(SIGN_IN, form, REMOTE_ADDR=f"2001:db8::{number}")

    right = {"username": "owner", "password": PASSWORD}

    assert client.post(SIGN_IN, right, REMOTE_ADDR="2001:db8::9").status_code == 429
    assert client.post(SIGN_IN, right, REMOTE_ADDR="2001:db8:0:1::9").status_code == 302


def test_who_comes_from_nowhere_is_counted_too(client: Client, owner: User) -> None:
    form = {"username": "owner", "password": "wrong"}
    statuses = [client.post(SIGN_IN, form, REMOTE_ADDR="unknown").status_code for _ in range(5)]

    assert statuses == [200] * 4 + [429]
    assert attempt(client, PASSWORD) == 302


def test_signing_out_needs_a_post(client: Client, owner: User) -> None:
    client.force_login(owner)

    assert client.get(reverse("accounts:logout")).status_code == 405
    assert client.post(reverse("accounts:logout")).status_code == 302
    assert actions()[-1] == "sign_out"


def test_the_admin_uses_the_same_door(client: Client) -> None:
    first = client.get("/admin/login/?next=/admin/")

    assert first.headers["Location"] == "/sign-in/?next=/admin/"


@pytest.mark.parametrize("address", ["/support/conversations/", "/live/", "/admin/login/"])
def test_a_part_of_a_page_asked_for_after_signing_out_leads_the_window_to_the_door(
    client: Client, address: str
) -> None:
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/support/?list=open&q=a"}
    answer = client.get(address, headers=here, follow=True)

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=/support/%3Flist%3Dopen%26q%3Da"
    assert "password" not in answer.text


def test_the_sign_in_form_goes_to_the_door_wherever_it_is_shown(client: Client) -> None:
    assert 'action="/sign-in/"' in client.get(f"{SIGN_IN}?next=/support/").text


def test_who_may_not_enter_the_admin_is_told_so(client: Client) -> None:
    client.force_login(User.objects.create_user("shopper"))
    page = client.get("/admin/", follow=True).content.decode()

    assert "may not open that page" in page


def test_a_language_stays_chosen(client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": SIGN_IN})

    assert 'lang="zh-hans"' in client.get(SIGN_IN).content.decode()
