"""From approved examples to a challenger, with a worker that dies and labels that are wrong."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from apps.accounts.models import User
from apps.registry import families
from apps.registry.families import GatePolicy
from apps.registry.models import AliasName, Dataset, Promotion
from apps.registry.selectors.aliases import champion_of, version_named
from apps.registry.selectors.promotions import said_checks
from apps.registry.services import audits, execution
from apps.registry.services.execution import execute_run
from apps.registry.services.promotion import NO_LOSSES
from apps.support.family import SUPPORT_INTENT, TAUGHT
from apps.support.family_name import FAMILY
from apps.support.models import Intent, Lesson, ShadowAnswer
from apps.support.selectors.lessons import changed_answers, recall_changes
from apps.support.services.lessons import (
    LessonOpenError,
    NothingToTeachError,
    advance_lesson,
    start_lesson,
)
from apps.support.services.promotion import promote_lesson, roll_back
from apps.ui.sentences import said
from modelcore.data.label_errors import tf_idf
from modelcore.training.recipe import Recipe
from tests.apps.support.factories import (
    NOW,
    make_conversation,
    make_decision,
    make_example,
    make_intent,
    say,
)
from tests.modelcore.tiny import make_tiny_backbone

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {"card": "my card", "lost": "lost money", "refund": "refund please"}
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def small_family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "ARTIFACT_CACHE", tmp_path / "cache")
    monkeypatch.setattr(settings, "RUN_WORK_DIR", tmp_path / "runs")
    monkeypatch.setattr(audits, "features_of", tf_idf)
    monkeypatch.setattr(execution, "VARIANTS", {})  # no lesson is about what a version is quantised to
    recipe = Recipe(method="head", backbone=str(make_tiny_backbone(tmp_path / "tiny")), max_tokens=16)
    gate = GatePolicy(minimum=0.0, margin=1.0, label_loss=1.0, wrong_labels=0.1)
    families.unregister(FAMILY)
    families.register(dataclasses.replace(SUPPORT_INTENT, recipe=recipe, gate=gate))
    yield
    families.unregister(FAMILY)
    families.register(SUPPORT_INTENT)


def approve(name: str, count: int, words: str = "") -> None:
    intent = make_intent(name)
    for number in range(count):
        make_example(intent, f"{words or WORDS[name]} {number}")


def taught(lead: User) -> Lesson:
    lesson = start_lesson(actor=lead, method="extend", at=NOW)
    checked = advance_lesson(lesson_id=lesson.pk, at=NOW)
    if checked is None or checked.run_id is None:
        return Lesson.objects.get(pk=lesson.pk)
    execute_run(run_id=checked.run_id, worker="test")
    advance_lesson(lesson_id=lesson.pk, at=LATER)
    return Lesson.objects.get(pk=lesson.pk)


@pytest.fixture
def champion(lead: User) -> Lesson:
    approve("card", 20)
    approve("lost", 20)
    return taught(lead)


def test_the_first_lesson_makes_the_champion(champion: Lesson) -> None:
    assert (champion.state, champion.method) == ("ready", "refit")
    assert champion_of(FAMILY) == champion.version
    with translation.override("zh-hans"):
        assert said(Promotion.objects.get().reason) == f"教学任务 {champion.pk}。"


def test_a_new_intent_is_taught_measured_promoted_and_taken_back(champion: Lesson, lead: User) -> None:
    approve("refund", 20)
    lesson = taught(lead)

    assert (lesson.state, lesson.method, str(lesson.error)) == ("ready", "extend", "")
    assert version_named(FAMILY, AliasName.CHALLENGER) == lesson.version
    assert Dataset.objects.get(suite=TAUGHT, superseded_at=None).rows == 4
    refund = next(row for row in recall_changes(lesson) if row.intent == "refund")
    assert (refund.before, refund.examples) == (None, 4)
    assert all(change.after != change.before for change in changed_answers(lesson))
    promoted = promote_lesson(lesson=lesson, actor=lead, accepted=NO_LOSSES, at=LATER)
    assert champion_of(FAMILY) == lesson.version
    roll_back(leaving=promoted.to_version_id, actor=lead, at=LATER)
    assert champion_of(FAMILY) == champion.version


def test_a_question_that_was_asked_again_is_told_once_with_its_label(champion: Lesson, lead: User) -> None:
    approve("refund", 20)
    lesson = taught(lead)
    card = Intent.objects.get(name="card")
    for text, right in (("Where is it?", None), ("where is it", card), ("Where IS it", None)):
        decision = make_decision(say(make_conversation(), text), "card", corrected_intent=right)
        for version, intent in ((lesson.champion, "card"), (lesson.version, "lost")):
            assert version is not None
            ShadowAnswer.objects.create(
                decision=decision, version=version, intent=intent, confidence=0.9, created_at=NOW
            )

    (change,) = [one for one in changed_answers(lesson) if one.source == "live"]
    assert (change.text, change.right, change.verdict) == ("where is it", "card", "worse")


def test_a_batch_of_wrong_labels_is_refused_before_it_is_trained_on(champion: Lesson, lead: User) -> None:
    for name, words in (("card", "lost money"), ("lost", "my card")):
        for number in range(15):
            make_example(Intent.objects.get(name=name), f"{words} {100 + number}")
    lesson = taught(lead)

    assert (lesson.state, lesson.run) == ("refused", None)
    (english,) = said_checks(lesson.checks)
    with translation.override("zh-hans"):
        (chinese,) = said_checks(lesson.checks)
    assert "wrong" in english["sentence"]
    assert "错的" in chinese["sentence"]
    assert not Dataset.objects.filter(suite=TAUGHT).exists()


def test_nothing_new_is_nothing_to_teach(champion: Lesson, lead: User) -> None:
    with pytest.raises(NothingToTeachError):
        start_lesson(actor=lead, method="extend", at=NOW)


def test_one_lesson_at_a_time(lead: User) -> None:
    approve("card", 3)
    approve("lost", 3)
    start_lesson(actor=lead, method="extend", at=NOW)

    with pytest.raises(LessonOpenError):
        start_lesson(actor=lead, method="extend", at=NOW)


def test_a_step_is_one_workers_until_that_one_is_given_up(lead: User) -> None:
    approve("card", 20)
    approve("lost", 20)
    lesson = start_lesson(actor=lead, method="extend", at=NOW)
    Lesson.objects.update(claimed_at=NOW)  # a worker that was killed then

    assert advance_lesson(lesson_id=lesson.pk, at=NOW + timedelta(seconds=30)) is None
    assert advance_lesson(lesson_id=lesson.pk, at=LATER) is not None
    assert advance_lesson(lesson_id=lesson.pk, at=LATER) is None
