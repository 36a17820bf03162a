from datetime import timedelta
from pathlib import Path

import pytest

from apps.registry import store
from apps.registry.models import Alias
from apps.registry.services.versions import register_version
from apps.support.family_name import FAMILY
from apps.support.models import ShadowAnswer
from apps.support.services import shadow
from tests.apps.serving.tiny_artifact import write_classifier
from tests.apps.support.factories import NOW, make_conversation, make_decision, say
from tests.apps.support.versions import make_champion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_store")]


def make_challenger(folder: Path) -> None:
    artifact = write_classifier(folder / "challenger", ("card", "lost"))
    store.artifact_store().put(artifact.path)
    version = register_version(family=FAMILY, artifact=artifact, at=NOW)
    Alias.objects.create(family=FAMILY, name="challenger", version=version, changed_at=NOW)


def test_questions_of_who_was_erased_keep_no_others_from_the_shadow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow, "AT_ONCE", 1)
    make_champion(tmp_path)
    make_challenger(tmp_path)
    asked = make_decision(say(make_conversation(), "card"), "card")
    erased = say(make_conversation(), "", at=NOW + timedelta(minutes=1))
    make_decision(erased, "card", detail={}, intent="card")

    assert shadow.answer_in_shadow(at=NOW + timedelta(hours=1)) == 2
    assert set(ShadowAnswer.objects.values_list("decision", flat=True)) == {asked.pk}
