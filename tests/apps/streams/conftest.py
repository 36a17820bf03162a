import pytest

from apps.accounts.models import User
from apps.streams import access


@pytest.fixture(autouse=True)
def chat_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams `chat:NAME`, which the person of that name may read; and `progress:…`, which anybody may."""
    monkeypatch.setattr(access, "_kinds", {})
    access.register("chat", lambda user, stream: str(user) == stream.partition(":")[2])
    access.register("progress", lambda user, stream: True)


@pytest.fixture
def customer(transactional_db: None) -> User:
    return User.objects.create_user("customer")


@pytest.fixture
def outsider(transactional_db: None) -> User:
    return User.objects.create_user("outsider")
