from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.accounts.tasks import clear_sessions


@pytest.mark.django_db
def test_sessions_that_expired_go() -> None:
    for key, left in (("over", -1), ("open", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + timedelta(days=left))

    clear_sessions()

    assert [one.session_key for one in Session.objects.all()] == ["open"]
