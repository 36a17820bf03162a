"""The lead sees whether names are looked for, and has what was stored before masked anew."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.serving.live import LiveModels
from apps.support import tasks
from apps.support.models import Intent, Remasking
from tests.apps.privacy.taggers import make_tagger
from tests.apps.support.factories import make_example

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    dispatched: list[bool] = []
    monkeypatch.setattr(tasks, "dispatch_remasking", lambda: dispatched.append(True))
    return dispatched


def knowledge_page(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse("support:intents")).content.decode()


def press(person: User) -> int:
    client = Client()
    client.force_login(person)
    return client.post(reverse("support:mask-anew")).status_code


def live(tagger_models: LiveModels) -> None:
    tagger_models.refresh()
    tagger_models.lease("personal-data", None).give_back()


def test_without_a_version_the_page_says_so(lead: User) -> None:
    assert "no version of Personal data is live" in knowledge_page(lead)


def test_the_page_names_the_version_and_what_it_has_not_looked_at(
    tagger_models: LiveModels, tmp_path: Path, refund: Intent, lead: User
) -> None:
    make_tagger(tmp_path)
    live(tagger_models)
    make_example(refund, "stored before")

    page = knowledge_page(lead)

    assert "Names are masked by version 1 of Personal data." in page
    assert "It has not looked at 1 example." in page


def test_a_version_that_cannot_be_loaded_is_told(
    tagger_models: LiveModels, tmp_path: Path, lead: User
) -> None:
    version = make_tagger(tmp_path)
    type(version).objects.filter(pk=version.pk).update(digest="0" * 64)
    tagger_models.refresh()

    page = knowledge_page(lead)

    assert "version 1 of Personal data can&#x27;t be loaded now" in page or "can't be loaded now" in page


def test_the_lead_has_them_masked_by_a_worker(
    tagger_models: LiveModels,
    tmp_path: Path,
    lead: User,
    sent: list[bool],
    django_capture_on_commit_callbacks: object,
) -> None:
    make_tagger(tmp_path)
    live(tagger_models)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        assert press(lead) == 302

    assert Remasking.objects.get().actor == lead
    assert sent == [True]


def test_an_agent_may_not(agent: User, outsider: User, sent: list[bool]) -> None:
    assert [press(person) for person in (agent, outsider)] == [403, 403]
    assert not Remasking.objects.exists()


def test_with_no_version_nothing_is_started(lead: User, sent: list[bool]) -> None:
    assert press(lead) == 302
    assert not Remasking.objects.exists()
    assert not sent
