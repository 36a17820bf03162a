from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from apps.accounts.models import User
from apps.support.models import Lesson
from apps.support.selectors import lessons
from apps.support.selectors.lessons import Answered, Change
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
