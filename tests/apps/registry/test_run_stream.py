"""The stream that the page of a run follows, over the same websocket as a browser's."""

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.registry.families import Family
from apps.registry.models import Run
from apps.registry.services import runs
from apps.streams.access import Reader
from tests.apps.registry.factories import NOW, make_run
from tests.apps.streams.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(family: Family, transactional_db: None) -> Run:
    return make_run(family)


@pytest.fixture(params=["owner", "auditor"])
def reader(run: Run, request: pytest.FixtureRequest) -> User:
    person: User = request.getfixturevalue(request.param)
    return person


async def test_who_may_see_the_page_hears_of_the_run(run: Run, reader: User) -> None:
    socket = Socket(reader, f"run:{run.pk}", after=0)
    await socket.open()
    assert await socket.read() == [1]

    await database_sync_to_async(runs.request_cancel)(run=run, actor=None, at=NOW)

    assert (await socket.message())["seq"] == 2
    await socket.close()


async def test_nobody_else_hears_of_the_run(run: Run, agent: User) -> None:
    strangers: list[Reader] = [agent, AnonymousUser()]
    for stranger in strangers:
        socket = Socket(stranger, f"run:{run.pk}", after=0)
        await socket.open()
        assert not socket.is_open


async def test_who_loses_the_role_is_told_no_more(run: Run, owner: User) -> None:
    socket = Socket(owner, f"run:{run.pk}", after=0)
    await socket.open()
    await socket.read()
    await owner.groups.aclear()

    await database_sync_to_async(runs.request_cancel)(run=run, actor=None, at=NOW)

    assert await socket.close_code() == 4403
