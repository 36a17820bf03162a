from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from apps.serving.live import LiveModels
from tests.apps.privacy.taggers import put_models


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Again, after a page in another language; Django's client leaves that one active."""
    with translation.override("en"):
        yield


@pytest.fixture
def tagger_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveModels]:
    """What looks for names in this process, on a store of the test's own; `refresh` reads the registry."""
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "ARTIFACT_CACHE", tmp_path / "cache")
    models = put_models(monkeypatch)
    yield models
    models.stop()
