from collections.abc import Iterator

import pytest

from apps.serving.errors import Fault, ServingError
from apps.serving.live_model import LiveModel
from apps.support.engine.scoring import Scoring
from apps.support.services import understanding
from apps.support.services.understanding import understand_texts
from tests.apps.serving.fakes import FakePredictor, release


@pytest.fixture
def predictor() -> FakePredictor:
    return FakePredictor("refund")


@pytest.fixture
def model(predictor: FakePredictor) -> Iterator[LiveModel]:
    model = LiveModel(release(1), predictor, token_budget=512, max_queue=16)
    yield model
    predictor.gate.set()
    model.retire()


def test_a_model_that_takes_too_long_cannot_answer_now(
    model: LiveModel, predictor: FakePredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understanding, "TIMEOUT_SECONDS", 0.05)
    predictor.gate.clear()
    with pytest.raises(ServingError) as raised:
        understand_texts(["where is my refund"], model, None, Scoring())
    assert raised.value.fault is Fault.DEADLINE


def test_a_model_that_fails_cannot_answer_now(model: LiveModel, predictor: FakePredictor) -> None:
    predictor.close()
    with pytest.raises(ServingError) as raised:
        understand_texts(["where is my refund"], model, None, Scoring())
    assert raised.value.fault is Fault.INTERNAL
