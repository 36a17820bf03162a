"""What a lesson holds out to measure itself on: as little as is asked for, and only what is still right."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from apps.accounts.models import User
from apps.registry import content
from apps.registry.models import Dataset
from apps.registry.services.datasets import import_snapshot
from apps.support.engine.sentences import digest_of
from apps.support.family import TAUGHT
from apps.support.family_name import FAMILY
from apps.support.models import Example, Intent, Lesson
from apps.support.selectors.examples import held_out_digests, pairs_in
from apps.support.selectors.knowledge import calibration_questions
from apps.support.services import lessons
from apps.support.services.examples import move_examples, review_examples
from apps.support.services.lessons import advance_lesson, held_out_of, start_lesson
from modelcore.data import LabelledTexts
from tests.apps.support.factories import NOW, make_example, make_intent
from tests.apps.support.versions import make_champion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def champion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows two intents; the labels of what is new are not doubted."""
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "ARTIFACT_CACHE", tmp_path / "cache")
    monkeypatch.setattr(lessons, "audit_labels", lambda dataset: False)
    for name in ("card", "lost"):
        approve(make_intent(name), name, 10)
    version = make_champion(tmp_path)
    version.dataset = import_snapshot(family=FAMILY, at=NOW)
    version.save()


def approve(intent: Intent, words: str, count: int, first: int = 0) -> list[int]:
    return [make_example(intent, f"{words} {number}").pk for number in range(first, first + count)]


def teach(lead: User) -> Lesson:
    """A lesson whose challenger nobody promotes."""
    lesson = start_lesson(actor=lead, method="refit", at=NOW)
    advance_lesson(lesson_id=lesson.pk, at=NOW)
    Lesson.objects.filter(pk=lesson.pk).update(state=Lesson.State.FAILED)
    return lesson


def taught() -> dict[str, str]:
    suite = Dataset.objects.filter(suite=TAUGHT, superseded_at=None).first()
    rows = content.rows_in(suite) if suite else LabelledTexts((), ())
    assert isinstance(rows, LabelledTexts)
    return dict(zip(rows.texts, rows.labels, strict=True))


def test_a_fifth_of_each_label_is_held_out_and_always_the_same() -> None:
    rows = LabelledTexts(tuple(f"text {i}" for i in range(14)), ("a",) * 10 + ("b",) * 4)

    held_out = held_out_of(rows, suspected={digest_of("text 0")})

    assert held_out.labels == ("a",)
    assert held_out == held_out_of(rows, suspected={digest_of("text 0")})
    assert "text 0" not in held_out.texts


def test_what_is_held_out_already_counts_first() -> None:
    rows = LabelledTexts(tuple(f"text {i}" for i in range(10)), ("a",) * 10)

    for place in range(9):
        held = {f"text {place}", f"text {place + 1}"}
        assert set(held_out_of(rows, held={*map(digest_of, held)}).texts) == held


def test_a_lesson_again_holds_out_nothing_more(lead: User) -> None:
    approve(make_intent("refund"), "refund", 20)
    teach(lead)
    first = taught()

    for _press in range(3):
        teach(lead)

    assert len(first) == 4
    assert taught() == first


def test_a_worker_that_is_killed_holds_out_nothing_more(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    approve(make_intent("refund"), "refund", 20)
    lesson = start_lesson(actor=lead, method="refit", at=NOW)

    def killed(**asked: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(lessons, "queue_run", killed)
    for attempt in range(3):
        with pytest.raises(KeyboardInterrupt):
            advance_lesson(lesson_id=lesson.pk, at=NOW + attempt * timedelta(minutes=2))

    assert len(taught()) == 4


def test_as_a_label_grows_a_fifth_of_what_is_new_joins(lead: User) -> None:
    refund = make_intent("refund")
    approve(refund, "refund", 20)
    teach(lead)
    first = taught()
    approve(refund, "refund", 10, first=20)

    teach(lead)

    assert len(taught()) == 6
    assert first.items() <= taught().items()


def test_what_was_moved_is_held_out_under_its_new_intent(lead: User) -> None:
    card, lost = Intent.objects.get(name="card"), Intent.objects.get(name="lost")
    moved = approve(card, "umbrella case", 10)
    teach(lead)
    texts = set(taught())
    move_examples(ids=moved, intent=lost, reviewer=lead, at=NOW)

    teach(lead)

    assert len(texts) == 2
    assert taught() == dict.fromkeys(texts, "lost")
    asked = calibration_questions()
    assert {label for text, label in zip(asked.texts, asked.labels, strict=True) if text in texts} == {"lost"}


def test_what_was_withdrawn_leaves_though_nothing_is_new(lead: User) -> None:
    withdrawn = approve(Intent.objects.get(name="card"), "umbrella case", 10)
    teach(lead)
    review_examples(ids=withdrawn, state=Example.State.REJECTED, reviewer=lead, at=NOW)

    teach(lead)

    assert taught() == {}
    assert Dataset.objects.get(suite=TAUGHT).rows == 2  # the edition that versions were measured on


def test_what_was_taught_is_remembered_without_its_words(lead: User) -> None:
    approve(make_intent("refund"), "refund", 20)
    teach(lead)

    suite = Dataset.objects.get(suite=TAUGHT)
    assert held_out_digests() == {digest_of(text) for text in taught()}
    assert "refund 1" not in str(pairs_in(suite))
