from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from apps.serving.errors import ServingError
from apps.serving.live import LiveModels
from apps.serving.loading import open_release
from apps.serving.selectors import read_catalogue
from apps.support.models import Decision
from apps.support.services import weighing
from apps.support.services.weighing import weigh_words
from tests.apps.support.factories import make_conversation, make_decision, say
from tests.apps.support.versions import make_champion

pytestmark = pytest.mark.django_db


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveModels]:
    """Not following: a test says when the registry is read."""
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "ARTIFACT_CACHE", tmp_path / "cache")
    models = LiveModels(read=read_catalogue, open_model=open_release)
    models.refresh()
    monkeypatch.setattr(weighing, "live_models", lambda: models)
    yield models
    models.stop()


def decided(text: str, intent: str) -> Decision:
    return make_decision(say(make_conversation(), text), intent)


def test_the_word_that_speaks_for_the_intent_weighs_most(models: LiveModels, tmp_path: Path) -> None:
    version = make_champion(tmp_path)
    models.refresh()

    weighed = weigh_words(decision=decided("the refund please", "refund"))

    heaviest = max(weighed.pieces, key=lambda piece: piece.weight or 0.0)
    assert (weighed.number, heaviest.text) == (version.number, "refund")


def test_an_intent_that_the_version_does_not_know_has_no_weights(models: LiveModels, tmp_path: Path) -> None:
    make_champion(tmp_path)
    models.refresh()

    assert weigh_words(decision=decided("where is it", "track_order")).pieces == ()


def test_without_a_live_model_nothing_is_weighed(models: LiveModels) -> None:
    with pytest.raises(ServingError):
        weigh_words(decision=decided("where is it", "track_order"))
