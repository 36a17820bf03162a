import threading
from collections.abc import Iterator, Mapping

import pytest

from apps.serving.errors import Fault, ServingError
from apps.serving.live_model import LiveModel
from apps.support.engine.nearest import Nearest
from apps.support.engine.scoring import Scoring
from apps.support.selectors.grounds import Grounds, StoredIndex
from apps.support.selectors.knowledge import NOTHING
from apps.support.services import understanding
from apps.support.services.understanding import Understanding, understand_texts
from modelcore.errors import InputError
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


def grounds(indexes: Mapping[str, StoredIndex]) -> Grounds:
    return Grounds(NOTHING, {}, {}, indexes)


def test_no_answer_waits_for_an_index_that_is_opened() -> None:
    known, opening, may_go_on = [grounds({})], threading.Event(), threading.Event()

    def open_slowly(_content: str, _encoder: str) -> Nearest:
        opening.set()
        may_go_on.wait(30)
        raise InputError("The index is of no use here.")

    follower = Understanding(read=lambda: known[-1], open_nearest=open_slowly)
    follower.start()
    known.append(grounds({"new": StoredIndex("content", "encoder")}))
    assert opening.wait(30)
    asking = threading.Thread(target=follower.start, daemon=True)
    asking.start()
    asking.join(5)
    waited = asking.is_alive()
    may_go_on.set()
    follower.stop()
    assert not waited
