from pathlib import Path

import pytest

from apps.registry import content
from apps.registry.families import Family
from apps.registry.models import Dataset
from apps.registry.selectors.cards import card_of
from apps.registry.services.versions import Measured, register_version
from modelcore.serving import Predictor
from modelcore.serving.evaluating import evaluate
from tests.apps.registry.factories import LABELS, NOW, make_dataset
from tests.apps.serving.tiny_artifact import write_classifier

pytestmark = pytest.mark.django_db


def test_a_label_that_the_suite_does_not_hold_is_not_called_weak(family: Family, tmp_path: Path) -> None:
    make_dataset(family)
    suite = Dataset.objects.get(family=family.name, kind="suite")
    wide = write_classifier(tmp_path / "wide", (*LABELS, "taught since"))
    measured = evaluate(Predictor.open(wide.path), content.rows_in(suite))
    version = register_version(
        family=family.name,
        artifact=wide,
        at=NOW,
        measured=[Measured("held-out", suite.digest, measured.metrics, measured.predictions)],
    )

    (result,) = card_of(version).suites

    assert {label for label, *_ in result.weakest_labels} == set(LABELS)
