from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from apps.serving import loading
from apps.serving.live import LiveModels
from tests.apps.serving.fakes import FakeRegistry


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def small_queue(registry: FakeRegistry) -> None:
    registry.max_queue = 2


@pytest.fixture
def models(registry: FakeRegistry) -> Iterator[LiveModels]:
    """Not started: a test calls `refresh` itself, where a running server polls."""
    models = LiveModels(read=registry.read, open_model=registry.open, retry_seconds=0.0, poll_seconds=0.05)
    yield models
    models.stop()


@pytest.fixture
def live(models: LiveModels, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> LiveModels:
    """The fakes as this process's models, open to programs on this machine."""
    settings.SERVING_ANONYMOUS = True
    monkeypatch.setattr(loading, "_models", models)
    models.start()
    models.lease("support-intent", None).give_back()
    return models
