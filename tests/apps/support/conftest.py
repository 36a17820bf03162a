from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from apps.accounts.models import User
from apps.accounts.rates import limiter
from apps.privacy import masking
from apps.support.models import Intent
from apps.support.services import answering_soon
from apps.support.services.encoders import open_encoder
from tests.apps.privacy.taggers import no_models
from tests.apps.support.factories import make_intent, make_person
from tests.apps.support.identities import SECRET
from tests.apps.support.presence import leave_desk


@pytest.fixture
def agent(db: None) -> User:
    return make_person("agent", "agent")


@pytest.fixture
def lead(db: None) -> User:
    return make_person("lead", "support_lead")


@pytest.fixture
def outsider(db: None) -> User:
    return make_person("outsider", "")


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> None:
    """It signs its customers."""
    monkeypatch.setattr(settings, "SUPPORT_IDENTITY_SECRET", SECRET)


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Artifacts and indexes of this test alone, on this machine and in the store."""
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "ARTIFACT_CACHE", tmp_path / "cache")
    monkeypatch.setattr(settings, "SUPPORT_INDEX_CACHE", tmp_path / "indexes")
    open_encoder.cache_clear()


@pytest.fixture
def tracking(db: None) -> Intent:
    return make_intent("track_order")


@pytest.fixture
def refund(db: None) -> Intent:
    return make_intent("refund")


@pytest.fixture
def empty_desk() -> Iterator[None]:
    """Redis is the same for all tests: who came online in one is not there in the next."""
    leave_desk()
    yield
    leave_desk()


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limiter().storage.reset()


@pytest.fixture(autouse=True)
def nobody_looks_for_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process of a test follows the registry; one that has a tagger puts it in."""
    models = no_models()
    monkeypatch.setattr(masking, "live_models", lambda: models)


@pytest.fixture(autouse=True)
def silent_bot(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nothing answers in a thread of its own; what would have been answered is listed."""
    asked: list[int] = []

    def answer(conversation_id: int) -> int:
        asked.append(conversation_id)
        return 0

    monkeypatch.setattr(answering_soon, "_answer", answer)
    monkeypatch.setattr(answering_soon, "_suggest", lambda conversation_id: 0)
    monkeypatch.setattr(answering_soon, "_prepare", lambda: None)
    return asked
