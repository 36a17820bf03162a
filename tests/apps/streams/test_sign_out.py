"""A socket ends with the session that it was opened by."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.accounts.models import User
from apps.streams import hub
from tests.apps.streams.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)
STREAM = "chat:customer"
Open = Callable[[], Awaitable[Socket]]


@pytest.fixture
async def sign_in(customer: User) -> AsyncIterator[Open]:
    sockets: list[Socket] = []

    async def open_socket() -> Socket:
        socket = Socket(await User.objects.aget(pk=customer.pk), STREAM, 0)
        socket.session[SESSION_KEY] = str(customer.pk)
        sockets.append(socket)
        await socket.open()
        assert await socket.read() == []
        return socket

    yield open_socket
    for socket in sockets:
        await socket.close()


@database_sync_to_async
def sign_out(session: SessionStore) -> None:
    session.flush()


async def test_signing_out_ends_the_sockets_of_that_session_alone(sign_in: Open) -> None:
    here, elsewhere = await sign_in(), await sign_in()

    await sign_out(here.session)

    assert await here.close_code() == 4403
    assert await elsewhere.hears_nothing(0.3)


async def test_a_new_password_ends_the_socket(sign_in: Open, customer: User) -> None:
    socket = await sign_in()
    customer.set_password("another long one")

    await customer.asave()

    assert await socket.close_code() == 4403


async def test_a_session_that_runs_out_ends_the_socket(
    sign_in: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "RIGHTS_EVERY_SECONDS", 0.0)
    socket = await sign_in()

    await Session.objects.aupdate(expire_date=timezone.now() - timedelta(seconds=1))

    assert await socket.close_code() == 4403


async def test_who_resumes_after_signing_out_hears_nothing(
    sign_in: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.streams.signals.tell_access_changed", lambda reader: None)
    socket = await sign_in()
    await sign_out(socket.session)

    await socket.resume(0)

    assert await socket.close_code() == 4403
