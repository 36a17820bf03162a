import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from apps.registry.families import Family
from apps.registry.models import Alias, AliasName, Run, RunState, Version
from apps.registry.services.copies import KEPT, clear_artifact_copies
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import NOW, make_run, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(version: Version) -> Path:
    """Of the version, which nobody fetched for long."""
    folder = Path(settings.ARTIFACT_CACHE) / version.digest
    folder.mkdir(parents=True)
    os.utime(folder, ((NOW - KEPT - timedelta(hours=1)).timestamp(),) * 2)
    return folder


@pytest.fixture
def version(family: Family, artifact: Artifact) -> Version:
    return make_version(family, artifact)


def test_a_copy_that_nothing_names_goes(copy: Path) -> None:
    assert clear_artifact_copies(at=NOW) == 1
    assert not copy.exists()


def test_what_an_alias_names_is_at_hand_while_the_store_is_away(copy: Path, version: Version) -> None:
    Alias.objects.create(family=version.family, name=AliasName.SHADOW, version=version, changed_at=NOW)

    clear_artifact_copies(at=NOW)

    assert copy.exists()


@pytest.mark.parametrize(("state", "stays"), [(RunState.QUEUED, True), (RunState.FAILED, False)])
def test_what_a_run_starts_from_stays_until_it_ends(
    copy: Path, version: Version, family: Family, state: str, stays: bool
) -> None:
    run = make_run(family)
    Run.objects.filter(pk=run.pk).update(state=state, recipe=run.recipe | {"start": version.digest})

    clear_artifact_copies(at=NOW)

    assert copy.exists() == stays
