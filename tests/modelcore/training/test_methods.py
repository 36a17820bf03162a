"""Every method learns, reports what it trained, and leaves a model that loads without PEFT."""

from pathlib import Path

import numpy as np
import pytest
import torch

from modelcore.artifacts import open_artifact
from modelcore.backbones import resolve
from modelcore.tasks import load_model
from modelcore.training import Progress, Recipe, fit
from modelcore.training.choice import plan_fit
from modelcore.training.classification import fit_classification
from modelcore.training.progress import Watcher
from modelcore.training.recipe import OF_STEPS
from modelcore.training.session import Session
from tests.modelcore.training.samples import quick, topics

METHODS = {
    "full": 3e-3,
    "head": None,
    "contrastive": 1e-3,
    "lora": 2e-2,
    "adalora": 3e-2,
    "prefix": 3e-2,
    "adapter": 1e-2,
}


@pytest.mark.parametrize("method", METHODS)
def test_a_method_learns_and_its_artifact_loads(method: str, tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, method=method, learning_rate=METHODS[method], rank=4, epochs=8)

    result = fit(topics(90, seed=1), topics(30, seed=2), recipe, out=tmp_path / "model")

    assert result.metrics["accuracy"] > 0.8
    with torch.no_grad():
        logits = load_model(tmp_path / "model")(
            torch.tensor([[2, 50, 51, 3]]), torch.ones(1, 4, dtype=torch.long)
        )
    assert logits.shape == (1, 3)


@pytest.mark.parametrize("method", ["full", "contrastive", "lora"])
def test_a_run_of_one_step_trains(method: str, tiny: Path, tmp_path: Path) -> None:
    trained = set()
    for rate in (1e-3, 3e-3):
        recipe = quick(tiny, method=method, epochs=1, batch_size=64, learning_rate=rate, rank=4)
        result = fit(topics(60, seed=1), topics(30, seed=2), recipe, out=tmp_path / f"{rate}")
        trained.add(open_artifact(result.artifact).manifest.files["model.safetensors"])

    assert len(trained) == 2


@pytest.mark.parametrize("method", ["lora", "adalora", "prefix", "adapter"])
def test_a_small_method_trains_a_small_part(method: str, tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, method=method, rank=2, epochs=1)

    training = fit(topics(60, seed=1), topics(30, seed=2), recipe, out=tmp_path / "m").metrics["training"]

    assert training["parameters_trained"] < 0.1 * training["parameters"]


@pytest.mark.parametrize("method", ["lora", "prefix", "adapter"])
def test_an_artifact_is_a_backbone(method: str, tiny: Path, tmp_path: Path) -> None:
    fit(topics(60, seed=1), topics(30, seed=2), quick(tiny, method=method, rank=4), out=tmp_path / "first")

    recipe = quick(tmp_path / "first", method="head")
    result = fit(topics(60, seed=3), topics(30, seed=4), recipe, out=tmp_path / "second")

    assert result.metrics["accuracy"] > 0.8


def test_auto_says_why_in_the_progress_and_the_artifact(tiny: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    recipe = quick(tiny, method="auto", epochs=1)

    result = fit(topics(30, seed=1), topics(30, seed=2), recipe, out=tmp_path / "m", on_progress=seen.append)

    reason = result.metrics["training"]["reason"]
    assert "10 texts a label are few" in reason
    assert seen[0].message == f"Method contrastive. {reason}"


def test_a_head_has_no_epochs_and_neither_has_its_card(tiny: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    recipe = Recipe(method="head", backbone=str(tiny), epochs=3)

    result = fit(topics(30, seed=1), topics(30, seed=2), recipe, out=tmp_path / "m", on_progress=seen.append)

    assert str(seen[1].message) == "The method head takes no steps and does not read: epochs."
    card = (result.artifact / "card.md").read_text()
    assert "| method | `head` |" in card
    assert not any(f"| {setting} |" in card for setting in OF_STEPS)


@pytest.mark.parametrize(("rows", "labels", "epochs"), [(16, 2, 24), (90, 3, 12), (385, 77, 3), (770, 77, 3)])
def test_few_texts_are_compared_as_often_as_more_of_them(rows: int, labels: int, epochs: int) -> None:
    assert plan_fit(Recipe(method="contrastive"), rows=rows, labels=labels).recipe.epochs == epochs


@pytest.mark.parametrize(("rows", "method"), [(60, "head"), (770, "contrastive"), (10_003, "full")])
def test_auto_goes_by_texts_a_label(rows: int, method: str) -> None:
    assert plan_fit(Recipe(), rows=rows, labels=77).recipe.method == method


def test_auto_takes_copies_for_no_more_texts() -> None:
    assert plan_fit(Recipe(), rows=7_700, copies=6_930, labels=77).recipe.method == "contrastive"


@pytest.mark.parametrize("rows", [90, 3000])
def test_a_backbone_that_has_to_learn_to_read_trains_all_blocks(rows: int) -> None:
    assert plan_fit(Recipe(), rows=rows, labels=77, learns_to_read=True).recipe.method == "full"


def test_what_the_caller_sets_stays(tiny: Path) -> None:
    recipe = plan_fit(quick(tiny, epochs=3), rows=10_000, labels=2).recipe

    assert (recipe.epochs, recipe.batch_size) == (3, 16)


def test_class_weights_help_a_rare_label(tiny: Path, tmp_path: Path) -> None:
    data = topics(120, seed=1)
    rare = [n for n, label in enumerate(data.labels) if label != "travel" or n % 30 == 2]

    plain, weighted = (
        fit(data.take(rare), topics(60, seed=2), recipe, out=tmp_path / str(recipe.class_weights)).metrics
        for recipe in (quick(tiny, epochs=10), quick(tiny, epochs=10, class_weights=True))
    )

    assert weighted["per_label"]["travel"]["recall"] > plain["per_label"]["travel"]["recall"]
    assert weighted["accuracy"] > plain["accuracy"]


def test_with_patience_few_texts_are_learned_as_long_as_their_twin_was_best(
    tiny: Path, tmp_path: Path
) -> None:
    recipe = quick(tiny, patience=2, epochs=30)
    session = Session(recipe, resolve(str(tiny)), tmp_path, Watcher())

    fit_classification(topics(90, seed=1), topics(30, seed=2), session)

    twin, main = session.runs
    scores = [entry["held_out_score"] for entry in twin.curve if "held_out_score" in entry]
    best = scores.index(max(scores)) + 1
    assert best < len(scores) < 30
    assert main.examples == best * 90


def test_early_stopping_keeps_the_best_epoch(tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, patience=1, epochs=30)

    training = fit(topics(90, seed=1), topics(30, seed=2), recipe, out=tmp_path / "m").metrics["training"]

    assert training["examples"] < 2 * 90 * 30
    assert np.isfinite(training["seconds"])
