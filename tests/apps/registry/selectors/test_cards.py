from pathlib import Path

import pytest

from apps.registry.families import Family
from apps.registry.selectors.cards import card_of
from tests.apps.registry.factories import LABELS, make_measured_version
from tests.apps.serving.tiny_artifact import write_classifier

pytestmark = pytest.mark.django_db


def test_a_label_that_the_suite_does_not_hold_is_not_called_weak(family: Family, tmp_path: Path) -> None:
    wide = write_classifier(tmp_path / "wide", (*LABELS, "taught since"))
    version = make_measured_version(family, wide)

    (result,) = card_of(version).suites

    assert {label for label, *_ in result.weakest_labels} == set(LABELS)


def test_a_card_tells_how_often_the_sure_and_the_unsure_answers_are_right(
    family: Family, tmp_path: Path
) -> None:
    version = make_measured_version(family, write_classifier(tmp_path / "model", LABELS))
    evaluation = version.evaluations.get()
    evaluation.metrics["reliability"] = [
        {"low": 0.0, "high": 0.5, "count": 0, "confidence": 0.0, "accuracy": 0.0},
        {"low": 0.5, "high": 0.9, "count": 4, "confidence": 0.7, "accuracy": 0.5},
        {"low": 0.9, "high": 1.0, "count": 20, "confidence": 0.97, "accuracy": 0.95},
    ]
    evaluation.save(update_fields=["metrics"])

    (result,) = card_of(version).suites

    assert result.reliability == (("97\xa0%", 0.95, "95 % of 20"), ("70\xa0%", 0.5, "50 % of 4"))
