from pathlib import Path

import pytest

from modelcore.artifacts import open_artifact
from modelcore.data import Span, SpanTexts
from modelcore.errors import InputError
from modelcore.training import fit
from tests.modelcore.training.samples import people_in_cities, quick


def test_a_tagger_finds_marked_spans(tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, task="tagging", epochs=15)

    result = fit(people_in_cities(120, seed=1), people_in_cities(40, seed=2), recipe, out=tmp_path / "m")

    assert result.metrics["entity_f1"] > 0.9
    assert open_artifact(tmp_path / "m").manifest.labels == (
        "O",
        "B-PERSON",
        "I-PERSON",
        "B-PLACE",
        "I-PLACE",
    )


def test_texts_without_spans_are_refused(tiny: Path, tmp_path: Path) -> None:
    plain = SpanTexts(("a cat", "a dog"), ((), ()))

    with pytest.raises(InputError, match="No training text has a marked span"):
        fit(plain, plain, quick(tiny, task="tagging"), out=tmp_path / "m")


def test_a_label_of_the_evaluation_alone_names_its_row(tiny: Path, tmp_path: Path) -> None:
    strange = SpanTexts(("a cat",), ((Span(2, 5, "ANIMAL"),),), rows=(9,))

    with pytest.raises(InputError, match="Row 9"):
        fit(people_in_cities(40, seed=1), strange, quick(tiny, task="tagging"), out=tmp_path / "m")
