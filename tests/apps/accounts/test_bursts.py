from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def try_password(number: int) -> int:
    try:
        return Client().post("/sign-in/", {"username": "owner", "password": f"wrong {number}"}).status_code
    finally:
        connection.close()


def test_passwords_that_are_tried_at_once_are_no_more_than_one_after_the_other() -> None:
    User.objects.create_user("owner")

    with ThreadPoolExecutor(AT_ONCE) as burst:
        statuses = list(burst.map(try_password, range(AT_ONCE)))

    assert sorted(statuses) == [200] * 4 + [429] * (AT_ONCE - 4)
    assert AuditEntry.objects.filter(action="sign_in.refused").count() == 5
