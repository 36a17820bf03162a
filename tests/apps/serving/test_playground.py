from dataclasses import replace

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.registry import families
from apps.serving import loading, metrics, views
from apps.serving.live import LiveModels
from tests.apps.serving.fakes import FakeRegistry

pytestmark = pytest.mark.django_db
URL = "/playground/"


@pytest.fixture
def analyst(client: Client) -> Client:
    user = User.objects.create_user("analyst")
    user.groups.add(Group.objects.get_or_create(name=Role.ANALYST.value)[0])
    client.force_login(user)
    return client


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(URL).status_code == 302


def test_somebody_without_a_role_is_refused(client: Client) -> None:
    client.force_login(User.objects.create_user("outsider"))
    assert client.get(URL).status_code == 403


@pytest.mark.usefixtures("live")
def test_the_page_offers_a_box(analyst: Client) -> None:
    page = analyst.get(URL)
    assert page.status_code == 200
    assert "<textarea" in page.text
    assert analyst.head(URL).status_code == 200


def test_nothing_live_says_what_to_do(
    analyst: Client, registry: FakeRegistry, models: LiveModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.aliases.clear()
    monkeypatch.setattr(loading, "_models", models)
    page = analyst.get(URL)
    assert "No model is live yet" in page.text
    assert "<textarea" not in page.text


@pytest.mark.usefixtures("live")
def test_the_fragment_shows_label_version_and_confidence(analyst: Client) -> None:
    fragment = analyst.post(URL, {"text": "where is my card"}, headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    for part in ("support-intent", "champion", "version 1", "v1", "75.0", " ms"):
        assert part in fragment.text


@pytest.mark.usefixtures("live")
def test_a_label_is_shown_as_its_product_calls_it(analyst: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    entitled = replace(families.get("support-intent"), titles=lambda labels: {"v1": "Where is my card?"})
    monkeypatch.setitem(families._families, "support-intent", entitled)
    fragment = analyst.post(URL, {"text": "where is my card"}, headers={"HX-Request": "true"})
    assert "<strong>Where is my card?</strong>" in fragment.text
    assert "v1</code>" in fragment.text


@pytest.mark.usefixtures("live")
@pytest.mark.parametrize(
    ("text", "sentence"), [(" ", "Write a text first"), ("a\0b", "NUL byte"), ("x" * 100_001, "100000")]
)
def test_a_bad_text_is_a_sentence(analyst: Client, text: str, sentence: str) -> None:
    fragment = analyst.post(URL, {"text": text}, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert sentence in fragment.text


def test_a_version_that_fails_to_load_is_told(
    live: LiveModels, registry: FakeRegistry, analyst: Client
) -> None:
    registry.broken.add(2)
    registry.aliases["champion"] = 2
    live.refresh()
    with pytest.raises(Exception, match="can't be loaded"):
        live.lease("support-intent", "2")
    fragment = analyst.post(URL, {"text": "hello"}, headers={"HX-Request": "true"})
    assert "the store does not answer" in fragment.text
    assert "version 1" in fragment.text


@pytest.mark.usefixtures("live")
def test_a_model_that_fails_is_told(registry: FakeRegistry, analyst: Client) -> None:
    registry.predictors[1].close()
    fragment = analyst.post(URL, {"text": "hello"}, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert "the server&#x27;s log says why" in fragment.text


@pytest.mark.usefixtures("live")
def test_one_person_does_not_keep_the_models_busy(analyst: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "TEXTS_PER_MINUTE", 1)
    pages = [analyst.post(URL, {"text": "where is my card"}) for _ in range(2)]
    assert "75.0" in pages[0].text
    assert "seconds before the next text" in pages[1].text
    assert "75.0" not in pages[1].text


@pytest.mark.usefixtures("live")
def test_the_playground_is_a_door_of_its_own(analyst: Client) -> None:
    asked = metrics.requests_total.labels("playground", "support-intent", "1", "ok")._value
    before = asked.get()
    analyst.post(URL, {"text": "where is my card"})
    assert asked.get() - before == 1
