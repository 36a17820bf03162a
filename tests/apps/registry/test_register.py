"""`manage.py register`: a model from the command line becomes a version."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.registry.families import Family
from apps.registry.models import Version
from apps.registry.store import artifact_store
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import make_family, registered

pytestmark = pytest.mark.django_db


def register(family: str, folder: Path) -> str:
    told = StringIO()
    call_command("register", family, str(folder), stdout=told)
    return told.getvalue()


def test_a_folder_becomes_a_version_once(family: Family, artifact: Artifact) -> None:
    said = [register(family.name, artifact.path) for _ in range(2)]

    version = Version.objects.get()
    assert (version.family, version.number, version.run) == (family.name, 1, None)
    assert artifact_store().exists(version.digest)
    assert (
        said == [f"{version} is registered. Measure it on its page in the Model desk, then promote it.\n"] * 2
    )


@pytest.mark.parametrize(("name", "words"), [("no-such", "no family"), ("pairs", "for embedding")])
def test_what_does_not_fit_is_a_sentence(artifact: Artifact, name: str, words: str) -> None:
    with registered(make_family("pairs", task="embedding")), pytest.raises(CommandError, match=words):
        register(name, artifact.path)

    assert not Version.objects.exists()


def test_a_folder_that_is_no_artifact_is_a_sentence(family: Family, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not an artifact"):
        register(family.name, tmp_path)
