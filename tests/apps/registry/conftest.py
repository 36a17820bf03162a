from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from apps.accounts.models import User
from apps.registry.families import Family, Suite
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import make_family, make_person, registered, write_counting_model


@pytest.fixture
def family() -> Iterator[Family]:
    with registered(make_family("test-intent")) as declared:
        yield declared


@pytest.fixture
def growing_family() -> Iterator[Family]:
    suites = (Suite("held-out", "Held out"), Suite("taught", "Taught", grows=True))
    with registered(make_family("growing-intent", suites=suites)) as declared:
        yield declared


@pytest.fixture(scope="session")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    return write_counting_model(tmp_path_factory.mktemp("artifact") / "counting")


@pytest.fixture(autouse=True)
def store_of_one_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "ARTIFACT_CACHE", tmp_path / "cache")
    monkeypatch.setattr(settings, "RUN_WORK_DIR", tmp_path / "runs")


@pytest.fixture
def owner(db: None) -> User:
    return make_person("owner", "model_owner", is_staff=True)


@pytest.fixture
def auditor(db: None) -> User:
    return make_person("auditor", "auditor", is_staff=True)


@pytest.fixture
def agent(db: None) -> User:
    return make_person("agent", "agent", is_staff=True)


@pytest.fixture
def dispatched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that were sent to the workers; nothing of them reaches a broker."""
    from apps.registry import tasks

    sent: list[int] = []
    monkeypatch.setattr(tasks.execute_run, "apply_async", lambda args, queue: sent.extend(args))
    monkeypatch.setattr(tasks.measure_version, "apply_async", lambda args, queue: None)
    monkeypatch.setattr(tasks.complete_profile, "apply_async", lambda args, **options: None)
    return sent
