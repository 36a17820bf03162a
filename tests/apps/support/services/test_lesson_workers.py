"""Workers of a lesson that are slow, fail or come late."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import translation

from apps.accounts.models import User
from apps.registry import store
from apps.registry.models import AliasName, Dataset, Run, RunState, Version
from apps.registry.selectors.aliases import champion_of, version_named
from apps.registry.services.datasets import import_snapshot
from apps.registry.services.promotion import VersionArchivedError
from apps.registry.services.versions import register_version
from apps.support.family_name import FAMILY
from apps.support.models import Lesson
from apps.support.services import lessons
from apps.support.services.lessons import advance_lesson, start_lesson
from apps.ui.sentences import said
from modelcore.errors import InputError
from tests.apps.registry.factories import write_counting_model
from tests.apps.support.factories import NOW, make_example, make_intent
from tests.apps.support.versions import make_champion

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(seconds=91)


@pytest.fixture
def lesson(lead: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """The first one, which nobody has advanced."""
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "ARTIFACT_CACHE", tmp_path / "cache")
    for name in ("card", "lost"):
        intent = make_intent(name)
        for number in range(10):
            make_example(intent, f"{name} {number}")
    return start_lesson(actor=lead, method="refit", at=NOW)


def fitted(lesson: Lesson, folder: Path) -> Version:
    """What the lesson's run would have ended as."""
    advance_lesson(lesson_id=lesson.pk, at=NOW)
    run = Run.objects.get(lesson=lesson)
    artifact = write_counting_model(folder / "fitted")
    store.artifact_store().put(artifact.path)
    Run.objects.filter(pk=run.pk).update(state=RunState.SUCCEEDED)
    return register_version(family=FAMILY, artifact=artifact, at=NOW, run=run)


def test_a_champion_that_was_chosen_meanwhile_is_challenged_not_replaced(
    lesson: Lesson, tmp_path: Path
) -> None:
    version = fitted(lesson, tmp_path)
    chosen = make_champion(tmp_path)

    advance_lesson(lesson_id=lesson.pk, at=LATER)

    lesson.refresh_from_db()
    assert (lesson.state, str(lesson.error), lesson.champion) == ("ready", "", chosen)
    assert champion_of(FAMILY) == chosen
    assert version_named(FAMILY, AliasName.CHALLENGER) == version


def test_an_error_that_nobody_foresaw_ends_the_lesson(
    lesson: Lesson, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**asked: object) -> Dataset:
        raise PermissionError(13, "The store says no")

    monkeypatch.setattr(lessons, "import_snapshot", refused)

    with pytest.raises(PermissionError):
        advance_lesson(lesson_id=lesson.pk, at=NOW)

    lesson.refresh_from_db()
    assert lesson.state == Lesson.State.FAILED
    assert "The store says no" in lesson.error
    assert start_lesson(actor=lead, method="refit", at=LATER).is_open


def test_a_refusal_that_ends_a_lesson_is_read_in_the_readers_language(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**asked: object) -> Dataset:
        raise VersionArchivedError("{version} is archived; an alias can't point to it.", version="v1")

    monkeypatch.setattr(lessons, "import_snapshot", refused)

    advance_lesson(lesson_id=lesson.pk, at=NOW)

    lesson.refresh_from_db()
    with translation.override("zh-hans"):
        assert said(lesson.error) == "v1 已归档，别名不能指向它。"


def test_a_lesson_whose_database_went_away_goes_on(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(**asked: object) -> Dataset:
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as away:
        away.setattr(lessons, "import_snapshot", cut_off)
        with pytest.raises(OperationalError):
            advance_lesson(lesson_id=lesson.pk, at=NOW)

    assert advance_lesson(lesson_id=lesson.pk, at=LATER) is not None
    assert Lesson.objects.get().state == Lesson.State.TRAINING


@pytest.mark.parametrize("is_broken", [True, False])
def test_a_worker_that_was_given_up_writes_nothing(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch, *, is_broken: bool
) -> None:
    def slow(**asked: Any) -> Dataset:
        monkeypatch.setattr(lessons, "import_snapshot", import_snapshot)
        advance_lesson(lesson_id=lesson.pk, at=LATER)
        if is_broken:
            raise InputError("the store went away")
        return import_snapshot(**asked)

    monkeypatch.setattr(lessons, "import_snapshot", slow)

    assert advance_lesson(lesson_id=lesson.pk, at=NOW) is None

    lesson.refresh_from_db()
    assert (lesson.state, str(lesson.error)) == ("training", "")
    assert lesson.run == Run.objects.get()
