"""When a web process begins to take connections."""

import asyncio
from collections.abc import Iterator

import pytest
from django import db

from apps.serving import loading
from apps.serving.catalogue import Catalogue
from apps.serving.lifespan import Message, models_first
from apps.serving.live import LiveModels
from tests.apps.serving.fakes import FakeRegistry

ARRIVES_SECONDS = 10.0


@pytest.fixture
def of_this_process(models: LiveModels, monkeypatch: pytest.MonkeyPatch) -> LiveModels:
    monkeypatch.setattr(loading, "_models", models)
    return models


@pytest.fixture
def held_back(registry: FakeRegistry) -> Iterator[None]:
    registry.gate.clear()
    yield
    registry.gate.set()


class Server:
    """What a server says to the application, and hears."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[Message] = asyncio.Queue()
        self.heard: asyncio.Queue[Message] = asyncio.Queue()
        self.said.put_nowait({"type": "lifespan.startup"})
        self.running = asyncio.create_task(models_first({"type": "lifespan"}, self.said.get, self.heard.put))

    async def has_started(self) -> bool:
        told = await asyncio.wait_for(self.heard.get(), ARRIVES_SECONDS)
        self.said.put_nowait({"type": "lifespan.shutdown"})
        await asyncio.wait_for(self.running, ARRIVES_SECONDS)
        ended = self.heard.get_nowait()
        return [told["type"], ended["type"]] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_not_before_its_models_answer(
    of_this_process: LiveModels, registry: FakeRegistry, held_back: None
) -> None:
    server = Server()
    while not registry.opened:
        await asyncio.sleep(0.01)
    assert server.heard.empty()
    registry.gate.set()
    assert await server.has_started()
    assert of_this_process.is_ready()


async def test_a_version_that_fails_is_not_waited_for(
    of_this_process: LiveModels, registry: FakeRegistry
) -> None:
    registry.broken.add(1)
    assert await Server().has_started()
    assert not of_this_process.is_ready()


async def test_a_registry_that_cannot_be_read_is_not_waited_for(
    of_this_process: LiveModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable() -> Catalogue:
        raise db.OperationalError("no connection")

    monkeypatch.setattr(of_this_process, "_read", unreadable)
    assert await Server().has_started()
    assert not of_this_process.is_ready()
