"""A version of Personal data is made, judged, looked at and served as any other."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.privacy import masking
from apps.privacy.family import PERSONAL_DATA, build_snapshot
from apps.privacy.masking import masker
from apps.registry.families import Family, GatePolicy
from apps.registry.models import Run, RunState, Version
from apps.registry.selectors.aliases import champion_of
from apps.registry.services.datasets import import_snapshot
from apps.registry.services.execution import execute_run
from apps.registry.services.runs import queue_run
from modelcore.compression.selection import Limits
from tests.apps.privacy.taggers import put_models
from tests.apps.registry.factories import make_person, registered
from tests.apps.support.factories import NOW
from tests.modelcore.tiny import make_tiny_backbone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tiny_family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Family]:
    """The family with a backbone that is fitted in seconds; what it learns is not judged."""
    for name in ("store", "cache", "runs"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "ARTIFACT_CACHE", tmp_path / "cache")
    monkeypatch.setattr(settings, "RUN_WORK_DIR", tmp_path / "runs")
    backbone = make_tiny_backbone(tmp_path / "tiny")
    declared = dataclasses.replace(
        PERSONAL_DATA,
        name="tiny-personal-data",
        build_snapshot=lambda: build_snapshot(160),
        recipe=dataclasses.replace(
            PERSONAL_DATA.recipe, backbone=str(backbone), epochs=1, max_tokens=64, learning_rate=1e-3
        ),
        gate=GatePolicy(metric="f1", minimum=0.0, limits=Limits(1.0, 1.0, 0.0)),
    )
    monkeypatch.setattr(masking, "PERSONAL_DATA", declared)
    with registered(declared):
        yield declared


def make_version(family: Family, seed: int) -> Version:
    dataset = import_snapshot(family=family.name, at=NOW)
    run = queue_run(
        dataset=dataset, changes={"seed": seed}, actor=None, at=NOW, promote_when_passed=seed == 0
    )
    state = execute_run(run_id=run.pk, worker="w")
    assert state == RunState.SUCCEEDED, Run.objects.get(pk=run.pk).error
    return Version.objects.get(run=run)


def test_a_run_makes_versions_that_the_owner_compares_and_the_apps_mask_with(
    tiny_family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_version(tiny_family, 0), make_version(tiny_family, 1)
    client = Client()
    client.force_login(make_person("owner", "model_owner", is_staff=True))
    compare = reverse("admin:registry_version_compare")
    pages = [
        reverse("admin:registry_dataset_change", args=[first.dataset_id]),
        reverse("admin:registry_version_change", args=[first.pk]),
        f"{compare}?a={first.pk}&b={second.pk}",
    ]
    models = put_models(monkeypatch)
    models.refresh()

    assert champion_of(tiny_family.name) == first
    assert "f1" in first.evaluations.get().metrics
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    with masker(waits=True) as names:
        assert (names.version, names.has_missed) == (first.number, False)
        assert names.mask("mail ann@example.com").endswith("[EMAIL_ADDRESS]")
    models.stop()
