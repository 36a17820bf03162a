from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import ApiKey, AuditEntry, User
from apps.accounts.services.keys import IssuedKey, KeyIssueError, authenticate_key, issue_key, revoke_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("owner")


@pytest.fixture
def issued(owner: User) -> IssuedKey:
    return issue_key(name="shop", families=["support-intent"], rate_per_minute=60, created_by=owner)


def test_a_key_opens_with_what_was_shown_once(issued: IssuedKey) -> None:
    assert authenticate_key(issued.raw) == issued.key


def test_the_key_itself_is_stored_nowhere(issued: IssuedKey) -> None:
    row = ApiKey.objects.values().get()

    assert issued.raw not in str(row)
    assert issued.raw.startswith(row["prefix"])


@pytest.mark.parametrize("raw", ["", "brt_", "brt_wrong", "nonsense", "brt_\0", "brt_密钥", "brt_\ud800"])
def test_anything_else_opens_nothing(issued: IssuedKey, raw: str) -> None:
    assert authenticate_key(raw) is None


def test_a_revoked_key_opens_nothing_and_is_revoked_once(issued: IssuedKey, owner: User) -> None:
    now = timezone.now()

    assert revoke_key(key=issued.key, actor=owner, at=now)
    assert not revoke_key(key=issued.key, actor=owner, at=now)
    assert authenticate_key(issued.raw) is None
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["key.revoked", "key.issued"]


def test_an_expired_key_opens_nothing(owner: User) -> None:
    past = timezone.now() - timedelta(seconds=1)
    issued = issue_key(name="shop", families=["*"], rate_per_minute=60, created_by=owner, expires_at=past)

    assert authenticate_key(issued.raw) is None


def test_a_key_ends_when_its_person_leaves(issued: IssuedKey, owner: User) -> None:
    owner.is_active = False
    owner.save()

    assert authenticate_key(issued.raw) is None


def test_use_is_written_down_once_a_minute(issued: IssuedKey) -> None:
    authenticate_key(issued.raw)
    first = ApiKey.objects.get().last_used_at
    authenticate_key(issued.raw)

    assert first is not None
    assert ApiKey.objects.get().last_used_at == first


@pytest.mark.parametrize(
    ("families", "asked", "allowed"),
    [(["a"], "a", True), (["a"], "b", False), (["*"], "b", True), ([], "a", False)],
)
def test_a_key_reaches_its_families_alone(families: list[str], asked: str, allowed: bool) -> None:
    assert ApiKey(families=families).allows_family(asked) is allowed


@pytest.mark.parametrize(("name", "rate"), [("  ", 60), ("shop", 0)])
def test_a_key_without_name_or_rate_is_a_sentence(owner: User, name: str, rate: int) -> None:
    with pytest.raises(KeyIssueError, match=r"\.$"):
        issue_key(name=name, families=["*"], rate_per_minute=rate, created_by=owner)
