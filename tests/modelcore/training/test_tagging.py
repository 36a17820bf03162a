import dataclasses
from pathlib import Path

import pytest

from modelcore.artifacts import open_artifact
from modelcore.data import Span, SpanTexts
from modelcore.errors import InputError
from modelcore.training import Cancelled, FitResult, fit
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


def test_one_text_alone_is_refused_with_what_a_tagger_needs(tiny: Path, tmp_path: Path) -> None:
    one = people_in_cities(1, seed=1)

    with pytest.raises(InputError, match="A tagger learns from most of its texts and keeps a few"):
        fit(one, people_in_cities(5, seed=2), quick(tiny, task="tagging"), out=tmp_path / "m")


def test_texts_of_a_few_templates_are_enough(tiny: Path, tmp_path: Path) -> None:
    texts = people_in_cities(40, seed=1)
    made = dataclasses.replace(texts, groups=tuple("abc"[i % 3] for i in range(40)))

    result = fit(made, people_in_cities(5, seed=2), quick(tiny, task="tagging", epochs=1), out=tmp_path / "m")

    assert result.metrics["temperature_from"]["texts"] == 13


def test_a_label_of_the_evaluation_alone_is_told_and_counts_as_missed(tiny: Path, tmp_path: Path) -> None:
    told: list[str] = []
    strange = SpanTexts(("a cat",), ((Span(2, 5, "ANIMAL"),),), rows=(9,))

    result = fit(
        people_in_cities(40, seed=1),
        strange,
        quick(tiny, task="tagging"),
        out=tmp_path / "m",
        on_progress=lambda progress: told.append(progress.message),
    )

    assert any('Row 9 of the evaluation marks "ANIMAL"' in message for message in told)
    assert result.metrics["per_label"]["ANIMAL"] == {"precision": 0, "recall": 0, "f1": 0, "support": 1}


def test_own_sentences_teach_a_label_that_they_know_first(tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, task="tagging", epochs=1, own_sentences=150)

    result = fit(people_in_cities(40, seed=1), people_in_cities(20, seed=2), recipe, out=tmp_path / "m")

    assert result.examples > 5 * 150
    assert result.metrics["training"]["examples"] == result.examples


def test_a_tagger_starts_anew_where_own_sentences_are_about_something_else(
    tiny: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    texts = tuple(f"a cat {number}" for number in range(20))
    data = SpanTexts(texts, ((Span(2, 5, "ANIMAL"),),) * 20)

    fit(
        data,
        data,
        quick(tiny, task="tagging", epochs=1, own_sentences=150),
        out=tmp_path / "m",
        on_progress=lambda progress: told.append(progress.message),
    )

    assert any("mark something else" in message for message in told)


@pytest.mark.parametrize("asked", [20, 45])  # while it learns our sentences, and while it learns the caller's
def test_an_interrupted_tagger_ends_like_an_undisturbed_one(asked: int, tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, task="tagging", epochs=2, own_sentences=100)
    data = people_in_cities(40, seed=1), people_in_cities(20, seed=2), recipe
    out, work = tmp_path / "again", tmp_path / "work"
    once = fit(*data, out=tmp_path / "once")
    questions = iter(range(1000))

    with pytest.raises(Cancelled):
        fit(*data, out=out, work=work, checkpoint_seconds=0, should_stop=lambda: next(questions) >= asked)
    again = fit(*data, out=out, work=work, checkpoint_seconds=0)

    assert weights(again) == weights(once)


def weights(result: FitResult) -> str:
    return open_artifact(result.artifact).manifest.files["model.safetensors"]
