from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from apps.accounts.models import User
from apps.registry.models import Alias, Version
from apps.support.family_name import FAMILY
from apps.support.models import Intent, Lesson
from apps.support.selectors import lessons
from apps.support.selectors.lessons import Answered, Change, RecallRow
from apps.support.views import teach
from tests.apps.support.factories import NOW
from tests.apps.support.versions import make_champion

pytestmark = pytest.mark.django_db


def changed(right: str) -> Change:
    return Change("Where?", "live", right, Answered("card", 0.9), Answered("lost", 0.9))


@pytest.fixture
def lesson(lead: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    fields = {"method": "refit", "state": "ready", "champion": make_champion(tmp_path)}
    return Lesson.objects.create(new_examples=1, started_by=lead, started_at=NOW, **fields)


def test_what_changed_is_counted_whole_though_a_page_shows_the_first_of_it(
    client: Client, lead: User, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = [changed("refund"), *(changed("") for _ in range(4))]
    monkeypatch.setattr(lessons, "changed_answers", lambda _lesson: changes)
    monkeypatch.setattr(teach, "SHOWN", 2)
    client.force_login(lead)

    page = client.get(f"/support/teach/{lesson.pk}/").text

    assert "<dt>Both wrong</dt><dd>1</dd>" in page
    assert "<dt>Nobody knows</dt><dd>4</dd>" in page
    assert "The first 2 of 5 questions" in page


def test_intents_have_their_titles_and_those_that_moved_stand_first(
    client: Client, lead: User, lesson: Lesson, refund: Intent, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [RecallRow("refund", 10, 0.9, 0.8), *(RecallRow(f"of_{n}", 10, 0.9, 0.9) for n in range(3))]
    monkeypatch.setattr(lessons, "recall_changes", lambda _lesson: rows)
    monkeypatch.setattr(lessons, "changed_answers", lambda _lesson: [changed("refund")])
    client.force_login(lead)

    page = client.get(f"/support/teach/{lesson.pk}/").text
    moved, unmoved = page.split("3 intents are recalled as before")

    assert f"right: {refund.title}" in page
    assert f">{refund.title}</a>" in moved
    assert ">-10.0<" in moved
    assert "of_2" in unmoved
    assert "of_2" not in moved


def test_a_lesson_says_that_a_later_version_took_the_place_of_its_own(
    client: Client, lead: User, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"family": FAMILY, "size_bytes": 1, "manifest": {}, "created_at": NOW}
    taught, later = (Version.objects.create(number=n, digest=f"{n}" * 64, **fields) for n in (2, 3))
    monkeypatch.setattr(Lesson, "version", taught)
    monkeypatch.setattr(teach, "evaluate_gate", lambda _version: None)
    client.force_login(lead)
    pages = []
    for challenger in (taught, later):
        Alias.objects.update_or_create(
            family=FAMILY, name="challenger", defaults={"version": challenger, "changed_at": NOW}
        )
        pages.append(client.get(f"/support/teach/{lesson.pk}/").text)

    assert "Version 2 answers in the shadow of the champion" in pages[0]
    assert "Version 2 answers nobody any more" in pages[1]


def test_a_lesson_waits_for_a_worker_until_one_has_claimed_it(client: Client, lead: User) -> None:
    lesson = Lesson.objects.create(method="extend", new_examples=1, started_by=lead, started_at=NOW)
    client.force_login(lead)
    waiting, comparing = "Waiting for a free worker", "Comparing the new labels"
    page = client.get(f"/support/teach/{lesson.pk}/").text
    assert (waiting in page, comparing in page) == (True, False)

    Lesson.objects.update(claimed_at=NOW)

    page = client.get(f"/support/teach/{lesson.pk}/").text
    assert (waiting in page, comparing in page) == (False, True)
