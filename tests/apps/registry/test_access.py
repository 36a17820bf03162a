import pytest
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.registry import access
from apps.streams.access import still_may_read

pytestmark = pytest.mark.django_db


def test_owners_change_and_auditors_read(owner: User, auditor: User, agent: User) -> None:
    assert [access.may_change(who) for who in (owner, auditor, agent)] == [True, False, False]
    assert [access.may_read(who) for who in (owner, auditor, agent)] == [True, True, False]


def test_a_person_who_left_reads_nothing(owner: User) -> None:
    owner.is_active = False

    assert not access.may_read(owner)


def test_runs_are_streamed_to_those_who_may_read_them(auditor: User, agent: User) -> None:
    asked = [(who, "run:1") for who in (auditor, agent, AnonymousUser())]
    assert still_may_read(asked) == [True, False, False]
