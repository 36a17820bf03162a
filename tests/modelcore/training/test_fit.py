import re
import threading
from pathlib import Path

import numpy as np
import pytest

from modelcore.artifacts import open_artifact
from modelcore.data import LabelledTexts, TextPairs
from modelcore.errors import InputError
from modelcore.evaluation import expected_calibration_error
from modelcore.serving import Predictor
from modelcore.training import Cancelled, Progress, fit
from modelcore.training.classification import check_labels
from tests.modelcore.training.samples import quick, topics


def test_labelled_texts_become_a_verified_artifact(tiny: Path, tmp_path: Path) -> None:
    result = fit(topics(90, seed=1), topics(30, seed=2), quick(tiny), out=tmp_path / "model")

    artifact = open_artifact(tmp_path / "model")
    assert artifact.digest == result.digest
    assert artifact.manifest.labels == ("card", "refund", "travel")
    assert result.metrics["accuracy"] > 0.9
    assert result.examples_per_second > 0


def test_the_artifact_says_how_it_was_made(tiny: Path, tmp_path: Path) -> None:
    result = fit(topics(90, seed=1), topics(30, seed=2), quick(tiny), out=tmp_path / "model")

    training = result.metrics["training"]
    assert training["curve"][0]["loss"] > training["curve"][-1]["loss"]
    assert 0 < training["parameters_trained"] < training["parameters"]
    assert result.metrics["temperature_from"] == {"texts": 18, "model": "twin"}
    assert result.metrics["ece_before"] >= 0


def test_figures_are_those_of_fp32_whatever_trained(tiny: Path, tmp_path: Path) -> None:
    judged = topics(30, seed=2)
    recipe = quick(tiny, precision="bf16", epochs=2, learning_rate=1e-3)

    result = fit(topics(90, seed=1), judged, recipe, out=tmp_path / "model")

    predictor = Predictor.open(tmp_path / "model", runtime="torch")
    probabilities = predictor.probabilities(judged.texts)
    said = np.array(predictor.labels)[probabilities.argmax(axis=1)]
    expected = expected_calibration_error(probabilities.max(axis=1), said == np.array(judged.labels))
    assert result.metrics["ece"] == pytest.approx(expected, abs=1e-5)


def test_one_text_a_label_is_trained_on_without_a_temperature(tiny: Path, tmp_path: Path) -> None:
    train = LabelledTexts(("my card", "a refund", "the flight"), ("card", "refund", "travel"))

    result = fit(train, topics(30, seed=2), quick(tiny), out=tmp_path / "model")

    assert result.metrics["temperature_from"] == {"texts": 0, "model": "none"}
    assert open_artifact(tmp_path / "model").manifest.temperature == 1.0


def test_progress_counts_up_to_the_last_step(tiny: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []

    fit(topics(90, seed=1), topics(30, seed=2), quick(tiny), out=tmp_path / "model", on_progress=seen.append)

    steps = [progress for progress in seen if progress.phase == "train"]
    assert steps[-1].step == steps[-1].total_steps
    assert [progress.phase for progress in seen][-2:] == ["evaluate", "package"]


def test_the_steps_of_a_twin_are_a_part_of_the_way(tiny: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []

    fit(topics(90, seed=1), topics(30, seed=2), quick(tiny), out=tmp_path / "model", on_progress=seen.append)

    steps = [progress for progress in seen if progress.total_steps]
    assert [progress.step for progress in steps] == sorted(progress.step for progress in steps)
    assert len({progress.total_steps for progress in steps}) == 1
    twin = [progress for progress in steps if progress.phase == "rehearse"]
    assert (twin[-1].eta_seconds or 0) > 0
    assert [bool(progress.message) for progress in twin] == [True] + [False] * (len(twin) - 1)


def test_the_same_seed_gives_the_same_model(tiny: Path, tmp_path: Path) -> None:
    digests = set()
    for name in "ab":
        fit(topics(60, seed=1), topics(30, seed=2), quick(tiny), out=tmp_path / name)
        digests.add(open_artifact(tmp_path / name).manifest.files["model.safetensors"])

    assert len(digests) == 1


def test_a_cancelled_fit_leaves_no_artifact_and_no_thread(tiny: Path, tmp_path: Path) -> None:
    before = set(threading.enumerate())

    with pytest.raises(Cancelled):
        fit(topics(60, seed=1), topics(30, seed=2), quick(tiny), out=tmp_path / "m", should_stop=lambda: True)

    assert not (tmp_path / "m").exists()
    assert set(threading.enumerate()) <= before


def test_a_place_that_holds_other_things_is_refused_before_anything_is_trained(
    tiny: Path, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    seen: list[Progress] = []

    with pytest.raises(InputError, match="holds other things"):
        fit(topics(60, seed=1), topics(30, seed=2), quick(tiny), out=tmp_path, on_progress=seen.append)

    assert seen == []


def test_one_label_alone_is_refused(tiny: Path, tmp_path: Path) -> None:
    one = LabelledTexts(("a card", "a pin"), ("card", "card"))

    with pytest.raises(InputError, match="at least two labels"):
        fit(one, one, quick(tiny), out=tmp_path / "m")


def test_an_evaluation_label_without_training_is_told_and_counts_as_wrong(tiny: Path, tmp_path: Path) -> None:
    known, told = topics(9, seed=2), list[str]()
    judged = LabelledTexts((*known.texts, "a parcel"), (*known.labels, "parcel"))

    result = fit(
        topics(60, seed=1),
        judged,
        quick(tiny, method="head"),
        out=tmp_path / "m",
        on_progress=lambda progress: told.append(str(progress.message)),
    )

    assert "Rows with labels that the model does not know: 1 (parcel). They count as answered wrong." in told
    assert result.metrics["per_label"]["parcel"] == {"precision": 0, "recall": 0, "f1": 0, "support": 1}
    assert result.metrics["accuracy"] <= 0.9
    assert "parcel" not in open_artifact(result.artifact).manifest.labels


def test_an_evaluation_without_any_known_label_is_refused(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No row has a label that the model knows"):
        fit(topics(60, seed=1), LabelledTexts(("a parcel",), ("parcel",)), quick(tiny), out=tmp_path / "m")


def test_data_of_another_shape_are_refused(tiny: Path, tmp_path: Path) -> None:
    pairs = TextPairs(("a",), ("b",))

    with pytest.raises(InputError, match="needs LabelledTexts"):
        fit(pairs, pairs, quick(tiny), out=tmp_path / "m")


@pytest.mark.parametrize(
    ("given", "taught"), [("1.0", "1"), ("CARD_LOST", "card lost"), (r"cafe\u0301", r"caf\xe9")]
)
def test_a_label_that_differs_in_spelling_alone_is_told(given: str, taught: str) -> None:
    train, judged = (label.encode().decode("unicode_escape") for label in (taught, given))
    sentence = f"the label '{given}', where training texts have '{taught}': write them alike"
    with pytest.raises(InputError, match=re.escape(sentence)):
        check_labels(LabelledTexts(("a", "b"), (train, "2")), LabelledTexts(("c",), (judged,)))


def test_the_sign_of_a_number_is_no_spelling() -> None:
    assert check_labels(LabelledTexts(("a", "b"), ("1", "0")), LabelledTexts(("c",), ("-1",))) == ("0", "1")
