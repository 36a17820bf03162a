from collections.abc import AsyncIterator

import pytest

from apps.accounts.models import User
from apps.streams import access
from apps.streams.access import Reader
from tests.apps.streams.sockets import Open, Socket


@pytest.fixture(autouse=True)
def chat_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams `chat:NAME`, which the person of that name may read; and `progress:…`, which anybody may."""
    monkeypatch.setattr(access, "_kinds", {})
    access.register("chat", lambda asked: [stream == f"chat:{user}" for user, stream in asked])
    access.register("progress", lambda asked: [True for _ in asked])


@pytest.fixture
def customer(transactional_db: None) -> User:
    return User.objects.create_user("customer")


@pytest.fixture
def outsider(transactional_db: None) -> User:
    return User.objects.create_user("outsider")


@pytest.fixture
async def enter() -> AsyncIterator[Open]:
    """Opens sockets, and closes them when the test is over."""
    sockets: list[Socket] = []

    async def open_socket(user: Reader, stream: str, after: int | str = 0) -> Socket:
        socket = Socket(user, stream, after)
        sockets.append(socket)
        await socket.open()
        return socket

    yield open_socket
    for socket in sockets:
        await socket.close()
