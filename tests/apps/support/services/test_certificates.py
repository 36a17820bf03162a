import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps

from apps.registry.models import Remains, Version
from apps.serving.live import LiveModels
from apps.serving.loading import open_release
from apps.serving.selectors import read_catalogue
from apps.support.engine.decision import TARGETS
from apps.support.engine.nearest import Nearest
from apps.support.models import Certificate, Intent, KnowledgeIndex
from apps.support.selectors.grounds import Grounds, read_grounds
from apps.support.selectors.knowledge import NOTHING, read_examples
from apps.support.services import certificates
from apps.support.services.certificates import certify_wanted_versions
from apps.support.services.understanding import Understanding
from tests.apps.support.factories import NOW, make_example, make_intent
from tests.apps.support.versions import approved, held_out, make_champion, make_encoder, make_knowledge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_store")]


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveModels]:
    """Not following: a test says when the registry is read."""
    models = LiveModels(read=read_catalogue, open_model=open_release)
    monkeypatch.setattr(certificates, "live_models", lambda: models)
    yield models
    models.stop()


@pytest.fixture
def champion(models: LiveModels, tmp_path: Path) -> Version:
    make_knowledge()
    make_encoder(tmp_path)
    version = make_champion(tmp_path)
    models.refresh()
    return version


def certify(*, minutes: int = 0) -> list[Certificate]:
    return certify_wanted_versions(entries=read_examples(), at=NOW + timedelta(minutes=minutes))


def make_later(version: Version, number: int) -> Version:
    """The same again, that no alias names."""
    fields = {name: getattr(version, name) for name in ("digest", "size_bytes", "manifest", "created_at")}
    return Version.objects.create(family=version.family, number=number, **fields)


def test_a_version_gets_a_certificate_for_each_target(champion: Version) -> None:
    certify()
    made = {row.target: row for row in Certificate.objects.filter(version=champion)}
    assert tuple(sorted(made)) == TARGETS
    assert {row.examples for row in made.values()} == {held_out()}
    assert made[0.95].threshold is not None
    assert (made[0.95].precision_at_least or 0) >= 0.95
    # So few held-out questions show no more.
    assert made[0.99].threshold is None
    assert "299" in made[0.99].reason


def test_nothing_is_made_twice(champion: Version) -> None:
    certify()
    assert certify() == []
    assert Certificate.objects.count() == len(TARGETS)


def test_held_out_questions_are_not_looked_up(champion: Version) -> None:
    certify()
    assert KnowledgeIndex.objects.get().examples == approved() - held_out()


def test_certificates_of_another_scoring_are_made_anew(champion: Version) -> None:
    certify()
    Certificate.objects.update(scoring={}, scoring_revision=0)
    assert read_grounds().certified == {}
    assert len(certify()) == len(TARGETS)


def test_other_knowledge_makes_another_certificate(champion: Version) -> None:
    certify()
    make_example(Intent.objects.get(name="card"), "where is my card")
    assert len(certify()) == len(TARGETS)
    assert len(set(Certificate.objects.values_list("knowledge_digest", flat=True))) == 2


def test_the_history_is_not_judged_anew_nor_much_of_it_at_once(
    champion: Version, models: LiveModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, second, newest = (make_later(champion, champion.number + place) for place in (1, 2, 3))
    models.refresh()
    monkeypatch.setattr(certificates, "NEWEST", 2)
    monkeypatch.setattr(certificates, "AT_ONCE", 1)

    judged = [{row.version for row in certify()} for _ in range(4)]

    assert judged == [{champion}, {newest}, {second}, set()]
    assert not old.certificates.exists()


def test_without_an_encoder_there_is_nothing_to_certify(models: LiveModels, tmp_path: Path) -> None:
    make_champion(tmp_path)
    assert certify() == []


def test_what_was_certified_is_understood_and_may_be_answered(champion: Version, models: LiveModels) -> None:
    certify()
    understanding = Understanding(models=lambda: models)
    understanding.refresh()
    with understanding.judging() as judging:
        assert judging.judge is not None
        assert judging.certified is not None
        (question,) = judging.judge.understand(["card card 49"])
        assert judging.judge.is_sure(question)
    assert (judging.version_id, question.intent) == (champion.pk, "card")
    assert {near.label for near in question.neighbours} == {"card"}


def test_a_version_without_a_certificate_is_understood_and_not_answered(
    champion: Version, models: LiveModels
) -> None:
    understanding = Understanding(models=lambda: models)
    understanding.refresh()
    with understanding.judging() as judging:
        assert judging.judge is not None
        (question,) = judging.judge.understand(["card card 49"])
        assert not judging.judge.is_sure(question)
    assert (question.intent, judging.certified) == ("card", None)


def test_without_a_champion_there_is_no_judge(models: LiveModels) -> None:
    models.refresh()
    understanding = Understanding(models=lambda: models)
    understanding.refresh()
    with understanding.judging() as judging:
        assert judging.judge is None


def test_what_follows_the_knowledge_takes_over_in_one_step(champion: Version, models: LiveModels) -> None:
    understanding = Understanding(models=lambda: models)
    understanding.refresh()
    certify()
    with understanding.judging() as before:
        understanding.refresh()
        assert before.certified is None
    with understanding.judging() as after:
        assert after.certified is not None


def test_an_index_that_no_version_is_judged_on_any_more_goes(champion: Version) -> None:
    certify()
    make_example(Intent.objects.get(name="card"), "a question nobody asked before")

    certify(minutes=5)
    assert KnowledgeIndex.objects.count() == 2
    certify(minutes=11)

    assert KnowledgeIndex.objects.count() == 1
    assert Remains.objects.filter(path__startswith="support-indexes").count() == 1


def refuse(*_: str) -> Nearest:
    raise PermissionError("the store refuses")


def test_an_index_that_cannot_be_read_keeps_no_answer_from_being_followed(
    champion: Version, models: LiveModels
) -> None:
    certify()
    make_intent("invoice", answer="You get it back.")
    understanding = Understanding(models=lambda: models, open_nearest=refuse)

    understanding.refresh()

    with understanding.judging() as judging:
        assert "You get it back." in str(judging.answers)


def test_the_knowledge_is_followed_on_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.support.services.understanding.POLL_SECONDS", 0.01)
    grounds, followed = Grounds(NOTHING, {}, {}, {}), threading.Event()
    readings: list[Grounds] = []

    def read() -> Grounds:
        readings.append(grounds)
        if len(readings) == 2:
            raise PermissionError("the store refuses")
        if len(readings) > 2:
            followed.set()
        return grounds

    following = Understanding(read=read)
    following.start()

    assert followed.wait(5)
    following.stop()


def test_the_demo_waits_until_its_champion_is_judged(champion: Version) -> None:
    config = apps.get_app_config("support")
    assert config.still_making()  # type: ignore[attr-defined]  # its own
    certify()
    assert config.still_making() == ""  # type: ignore[attr-defined]  # its own
