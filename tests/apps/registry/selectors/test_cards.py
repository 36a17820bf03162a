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
