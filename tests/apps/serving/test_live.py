import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from django import db

from apps.serving.catalogue import Catalogue
from apps.serving.errors import Fault, ServingError
from apps.serving.live import LiveModels
from modelcore.serving import Prediction
from tests.apps.serving.fakes import FAMILY, FakeRegistry, release


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


def is_live(models: LiveModels, number: int) -> bool:
    return models.states()[0].live == number


def answering(models: LiveModels, version: str | None = None) -> int:
    model = models.lease(FAMILY, version)
    model.give_back()
    return model.release.number


def test_an_alias_and_a_number_name_a_version(models: LiveModels, registry: FakeRegistry) -> None:
    registry.aliases["challenger"] = 2
    models.refresh()
    assert [answering(models, name) for name in (None, "champion", "challenger", "2")] == [1, 1, 2, 2]


def test_a_moved_alias_is_followed_by_the_thread(models: LiveModels, registry: FakeRegistry) -> None:
    models.start()
    assert answering(models) == 1
    registry.aliases["champion"] = 2
    assert until(lambda: answering(models) == 2)


def test_the_old_version_answers_while_the_new_one_loads(models: LiveModels, registry: FakeRegistry) -> None:
    models.refresh()
    assert answering(models) == 1
    registry.broken.add(2)
    registry.aliases["champion"] = 2
    models.refresh()
    assert answering(models) == 1


def test_a_failed_load_is_shown_and_tried_again(models: LiveModels, registry: FakeRegistry) -> None:
    models.refresh()
    answering(models)
    registry.broken.add(2)
    registry.aliases["champion"] = 2
    models.refresh()
    assert until(lambda: models.states()[0].failure == "the store does not answer")
    assert (models.states()[0].wanted, models.states()[0].live) == (2, 1)
    registry.broken.clear()
    models.refresh()
    assert until(lambda: models.states()[0].live == 2)
    assert models.states()[0].failure is None


def test_a_first_version_that_fails_is_not_ready(models: LiveModels, registry: FakeRegistry) -> None:
    registry.broken.add(1)
    models.start()
    with pytest.raises(ServingError, match="the store does not answer") as raised:
        models.lease(FAMILY, None)
    assert raised.value.fault is Fault.NOT_READY
    assert not models.is_ready()


def test_ready_once_every_champion_answers(models: LiveModels) -> None:
    assert not models.is_ready()
    models.start()
    assert until(models.is_ready)


def test_a_retired_version_is_closed_after_its_last_request(
    models: LiveModels, registry: FakeRegistry
) -> None:
    models.refresh()
    held = models.lease(FAMILY, None)
    for number in (2, 3, 4):
        registry.aliases["champion"] = number
        models.refresh()
        assert until(partial(is_live, models, number))
    closed = registry.predictors[1].is_closed
    answer = held.submit("still here", 4).result(5)
    assert isinstance(answer, Prediction)
    assert answer.label == "v1"
    assert not closed.is_set()
    held.give_back()
    assert closed.wait(5)


def test_only_so_many_versions_without_an_alias_are_kept(models: LiveModels, registry: FakeRegistry) -> None:
    models.refresh()
    assert until(partial(is_live, models, 1))
    for number in ("2", "3", "4"):
        assert answering(models, number) == int(number)
    assert registry.predictors[2].is_closed.wait(5)
    assert [models.state(release(number))[0] for number in (1, 2, 3, 4)] == [
        "READY",
        "UNAVAILABLE",
        "READY",
        "READY",
    ]


def test_a_rollback_loads_nothing_again(models: LiveModels, registry: FakeRegistry) -> None:
    for number in (1, 2, 1, 2, 1):
        registry.aliases["champion"] = number
        models.refresh()
        assert until(partial(is_live, models, number))
    assert sorted(registry.opened) == [1, 2]


@pytest.mark.parametrize(
    ("family", "version", "fault"),
    [
        ("nobody", None, Fault.UNKNOWN_MODEL),
        (FAMILY, "9", Fault.UNKNOWN_VERSION),
        (FAMILY, "shadow", Fault.UNKNOWN_VERSION),
        (FAMILY, "²", Fault.UNKNOWN_VERSION),
        (FAMILY, "9" * 5000, Fault.UNKNOWN_VERSION),
        ("empty", None, Fault.UNKNOWN_VERSION),
    ],
)
def test_what_is_not_there_is_a_sentence(
    models: LiveModels, family: str, version: str | None, fault: Fault
) -> None:
    models.refresh()
    with pytest.raises(ServingError) as raised:
        models.lease(family, version)
    assert raised.value.fault is fault


def test_a_version_that_may_load_again_by_now_is_ready(models: LiveModels, registry: FakeRegistry) -> None:
    registry.broken.add(2)
    models.refresh()
    with pytest.raises(ServingError):
        models.lease(FAMILY, "2")
    assert models.is_servable(FAMILY, "2")


def test_a_registry_that_is_away_changes_nothing(registry: FakeRegistry) -> None:
    is_away = False

    def read() -> Catalogue:
        if is_away:
            raise db.OperationalError("gone")
        return registry.read()

    models = LiveModels(read=read, open_model=registry.open)
    models.refresh()
    is_away = True
    models.refresh()
    assert answering(models) == 1
    models.stop()


def test_what_nobody_foresaw_does_not_end_the_following(
    models: LiveModels, registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.start()
    failed = threading.Event()

    def fail() -> None:
        monkeypatch.undo()
        failed.set()
        raise MemoryError

    monkeypatch.setattr(models, "_settle", fail)
    registry.aliases["champion"] = 2

    assert failed.wait(5)
    assert until(partial(is_live, models, 2))
    assert models.is_following
