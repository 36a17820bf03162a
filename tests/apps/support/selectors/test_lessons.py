from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from apps.accounts.models import User
from apps.registry.services.datasets import import_snapshot
from apps.registry.services.runs import queue_run
from apps.registry.services.versions import register_version
from apps.support.family_name import FAMILY
from apps.support.models import Lesson, ShadowAnswer
from apps.support.selectors import lessons
from tests.apps.registry.factories import write_counting_model
from tests.apps.support.factories import NOW, make_conversation, make_decision, say
from tests.apps.support.versions import make_champion

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(lead: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    run = queue_run(dataset=import_snapshot(family=FAMILY, at=NOW), changes={}, actor=lead, at=NOW)
    champion = make_champion(tmp_path)
    register_version(family=FAMILY, artifact=write_counting_model(tmp_path / "fitted"), at=NOW, run=run)
    return Lesson.objects.create(
        method="refit", champion=champion, run=run, new_examples=1, started_by=lead, started_at=NOW
    )


def ask(lesson: Lesson, text: str, minute: int, *, is_missed: bool = False) -> None:
    """Both answer, or the challenger alone."""
    message = say(make_conversation(), text, at=NOW + timedelta(minutes=minute))
    decision = make_decision(message, "card")
    for version, intent in ((lesson.champion, "card"), (lesson.version, "lost")):
        assert version is not None
        if not (is_missed and version == lesson.champion):
            ShadowAnswer.objects.create(
                decision=decision, version=version, intent=intent, confidence=0.9, created_at=NOW
            )


def test_the_last_questions_that_both_answered_are_compared(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lessons, "COMPARED", 2)
    for minute, text in enumerate(("first", "second", "third")):
        ask(lesson, text, minute)
    ask(lesson, "fourth", 4, is_missed=True)

    assert lessons.shadowed(lesson) == lessons.Shadowed(asked=2, alike=0)
    assert [change.text for change in lessons.changed_answers(lesson)] == ["third", "second"]
