"""A suite that grew is answered by both before the gate compares them, and never passed over."""

import pytest

from apps.registry import tasks
from apps.registry.families import Family
from apps.registry.selectors.suites import pinned_suites
from apps.registry.services.evaluations import measure_for_gate
from apps.registry.services.gate import evaluate_gate
from apps.registry.services.versions import Measured, record_measured
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import NOW, grow_taught, make_version
from tests.apps.registry.services.test_gate import check, make_champion

pytestmark = pytest.mark.django_db


def test_a_suite_that_the_champion_did_not_answer_lets_nobody_through(
    growing_family: Family, artifact: Artifact
) -> None:
    make_champion(make_version(growing_family, artifact))
    suite = grow_taught(growing_family, 2)
    version = make_version(growing_family, artifact)
    answered = Measured("taught", suite.digest, {"accuracy": 1.0}, [{"gold": "card", "label": "card"}] * 6)
    record_measured(version=version, measured=[answered], at=NOW)

    report = evaluate_gate(version)

    assert check(report, "suites").passed
    assert (
        "champion v1 was not measured on the pinned suite: taught"
        in check(report, "suites:champion").sentence
    )
    assert report.lacks_measures


def test_a_challenger_is_not_asked_what_the_champion_answered(
    growing_family: Family, artifact: Artifact
) -> None:
    make_champion(make_version(growing_family, artifact))
    grow_taught(growing_family, 2)
    version = make_version(growing_family, artifact)

    report = evaluate_gate(version, alias="challenger")

    assert "suites:champion" not in {one.name for one in report.checks}


def test_measuring_asks_the_version_and_the_champion_for_what_is_missing_alone(
    growing_family: Family, artifact: Artifact
) -> None:
    champion = make_champion(make_version(growing_family, artifact))
    version = make_version(growing_family, artifact)
    grow_taught(growing_family, 2)

    assert measure_for_gate(version_id=version.pk, at=NOW) == 2
    assert measure_for_gate(version_id=version.pk, at=NOW) == 0
    report = evaluate_gate(version)
    assert not report.lacks_measures
    assert check(report, "champion:taught").figure == "+0.0000"
    assert {one.suite for one in champion.evaluations.all()} == {"held-out", "taught"}


def test_an_earlier_edition_neither_counts_nor_hides_the_last(
    growing_family: Family, artifact: Artifact
) -> None:
    version = make_version(growing_family, artifact)
    grow_taught(growing_family, 2)
    tasks.measure_version(version.pk)
    assert not evaluate_gate(version).lacks_measures

    grow_taught(growing_family, 3)

    assert check(evaluate_gate(version), "suites").sentence == "Not measured on the pinned suite: taught."
    tasks.measure_version(version.pk)
    report = evaluate_gate(version)
    assert not report.lacks_measures
    assert [one.name for one in report.checks if one.name.startswith("minimum")] == [
        "minimum:held-out",
        "minimum:taught",
    ]


def test_an_edition_that_is_as_an_earlier_one_is_that_one(growing_family: Family) -> None:
    first, more = grow_taught(growing_family, 2), grow_taught(growing_family, 3)

    again = grow_taught(growing_family, 2)

    assert (again.pk, again.superseded_at) == (first.pk, None)
    assert list(pinned_suites(growing_family.name)) == [first]
    assert more.rows == 9
