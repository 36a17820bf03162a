from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import settings

from apps.registry.families import Family, GatePolicy
from apps.registry.models import Alias, Dataset, Version
from apps.registry.services.gate import Check, GateReport, evaluate_gate
from modelcore.artifacts import Artifact, derive_artifact, reading
from tests.apps.registry.factories import NOW, make_family, make_version, registered
from tests.apps.serving.tiny_artifact import write_classifier

pytestmark = pytest.mark.django_db


def check(report: GateReport, name: str) -> Check:
    return next(one for one in report.checks if one.name == name)


def make_champion(version: Version) -> Version:
    Alias.objects.create(family=version.family, name="champion", version=version, changed_at=NOW)
    return version


def test_a_whole_and_measured_version_passes(family: Family, artifact: Artifact) -> None:
    report = evaluate_gate(make_version(family, artifact))

    assert report.passed
    assert {one.name for one in report.checks} == {"artifact", "parity", "suites", "minimum:held-out"}
    assert all(one.sentence for one in report.checks)


def test_a_damaged_artifact_is_told(family: Family, artifact: Artifact) -> None:
    version = make_version(family, artifact)
    for path in Path(settings.ARTIFACT_STORE.removeprefix("file://")).rglob("model.bin"):
        path.write_bytes(b"torn")

    report = evaluate_gate(version)

    assert not check(report, "artifact").passed
    assert "can't be used" in report.refusal


def test_a_verdict_reads_the_artifact_once(
    family: Family, artifact: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = make_version(family, artifact)
    evaluate_gate(version)
    read = Mock(side_effect=reading.sha256_of)
    monkeypatch.setattr(reading, "sha256_of", read)

    evaluate_gate(version)

    assert read.call_count == len(artifact.manifest.files)


def test_a_version_without_parity_does_not_pass(family: Family, tmp_path: Path) -> None:
    unmeasured = write_classifier(tmp_path / "plain", ("card", "lost", "refund"))

    assert not check(evaluate_gate(make_version(family, unmeasured)), "parity").passed


@pytest.mark.parametrize(("texts", "passes"), [(51, True), (3000, False)])
def test_one_text_of_a_few_is_no_loss(
    texts: int, passes: bool, family: Family, artifact: Artifact, tmp_path: Path
) -> None:
    same = artifact.manifest.runtimes["openvino-fp32"]["parity"]
    parity = {**same, "label_agreement": 0.98, "accuracy_drop": 1 / 51, "texts": texts}
    runtimes = {name: {**one, "parity": parity} for name, one in artifact.manifest.runtimes.items()}
    measured = derive_artifact(artifact, tmp_path / "measured", changes={"runtimes": runtimes}, files={})

    assert check(evaluate_gate(make_version(family, measured)), "parity").passed is passes


def test_a_version_below_the_minimum_does_not_pass(family: Family, artifact: Artifact) -> None:
    report = evaluate_gate(make_version(family, artifact, wrong=range(8)))

    assert not check(report, "minimum:held-out").passed


@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"superseded_at": NOW}])
def test_figures_of_another_suite_or_of_none_do_not_count(
    family: Family, artifact: Artifact, change: dict[str, Any]
) -> None:
    version = make_version(family, artifact)
    Dataset.objects.filter(kind=Dataset.Kind.SUITE).update(**change)

    assert not check(evaluate_gate(version), "suites").passed


def test_significantly_worse_than_the_champion_does_not_pass(family: Family, artifact: Artifact) -> None:
    make_champion(make_version(family, artifact))

    report = evaluate_gate(make_version(family, artifact, wrong=range(6)))

    assert not check(report, "champion:held-out").passed
    assert set(report.losses_to_accept) == {"card", "lost", "refund"}


@pytest.mark.parametrize(("margin", "wrong", "passes"), [(1.0, 5, True), (1.0, 6, False), (0.05, 1, False)])
def test_neither_surely_worse_nor_perhaps_much_worse_than_the_champion_passes(
    margin: float, wrong: int, passes: bool, artifact: Artifact
) -> None:
    policy = GatePolicy(minimum=0.0, margin=margin)
    with registered(make_family("strict-intent", gate=policy)) as family:
        make_champion(make_version(family, artifact))
        report = evaluate_gate(make_version(family, artifact, wrong=range(wrong)))

    assert check(report, "champion:held-out").passed is passes


def test_a_label_is_lost_only_until_it_is_named(family: Family, artifact: Artifact) -> None:
    make_champion(make_version(family, artifact))
    version = make_version(family, artifact, wrong=(0,))
    losses = evaluate_gate(version).losses_to_accept

    report = evaluate_gate(version, accept_label_losses=losses)

    assert len(losses) == 2
    assert evaluate_gate(version, accept_label_losses=losses[:1]).losses_to_accept == losses[1:]
    assert check(report, "labels").passed
    assert report.losses_to_accept == ()


@pytest.mark.parametrize("figure", ["f1", "recall"])
def test_a_label_may_lose_two_points_to_the_last_bit(family: Family, artifact: Artifact, figure: str) -> None:
    make_champion(make_version(family, artifact))
    version = make_version(family, artifact)
    evaluation = version.evaluations.get()
    label = evaluation.metrics["per_label"]["card"]
    for left, losses in ((49 / 50, ()), (48 / 50, ("card",))):
        label[figure] = left
        evaluation.save()

        assert evaluate_gate(version).losses_to_accept == losses


def test_a_label_that_the_version_does_not_have_is_lost(family: Family, artifact: Artifact) -> None:
    make_champion(make_version(family, artifact))
    version = make_version(family, artifact)
    evaluation = version.evaluations.get()
    del evaluation.metrics["per_label"]["card"]
    evaluation.save()

    assert evaluate_gate(version).losses_to_accept == ("card",)


def test_a_challenger_need_not_beat_the_champion(family: Family, artifact: Artifact) -> None:
    make_champion(make_version(family, artifact))

    assert evaluate_gate(make_version(family, artifact, wrong=range(5)), alias="challenger").passed
