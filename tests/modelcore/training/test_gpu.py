"""Fits on a GPU: run where there is one, elsewhere skipped and said so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from modelcore.serving import Predictor
from modelcore.training import Cancelled, Recipe, fit
from modelcore.training.pretraining import pretrain
from tests.modelcore.tiny import make_tiny_backbone
from tests.modelcore.training.samples import ideographs, people_in_cities, quick, topics

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU to train on")
METHODS = ("full", "head", "contrastive", "lora", "adalora", "prefix", "adapter")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_backbone(tmp_path_factory.mktemp("tiny"))


@pytest.mark.parametrize("method", METHODS)
def test_each_method_learns(method: str, tiny: Path, tmp_path: Path) -> None:
    judged = topics(30, seed=2)

    result = fit(topics(90, seed=1), judged, quick(tiny, method=method, epochs=10), out=tmp_path / "model")

    answers = Predictor.open(tmp_path / "model", runtime="torch").predict(judged.texts)
    right = [one.label == label for one, label in zip(answers, judged.labels, strict=True)]
    assert result.metrics["accuracy"] == sum(right) / 30
    assert result.metrics["accuracy"] > 0.7


def test_a_grown_vocabulary_learns(tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, epochs=20)
    result = fit(ideographs(90, seed=1), ideographs(30, seed=2), recipe, out=tmp_path / "model")

    assert result.metrics["accuracy"] > 0.6


def test_weights_and_patience_go_along(tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, class_weights=True, patience=2, label_smoothing=0.1)
    result = fit(topics(90, seed=1), topics(30, seed=2), recipe, out=tmp_path / "model")

    assert result.metrics["accuracy"] > 0.7


def test_a_tagger_learns(tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, task="tagging", patience=5, epochs=15)
    people = people_in_cities(60, seed=1)
    result = fit(people, people_in_cities(20, seed=2), recipe, out=tmp_path / "model")

    assert result.metrics["entity_f1"] > 0.7


def test_an_embedder_learns(tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, task="embedding")
    result = fit(topics(60, seed=1), topics(30, seed=2), recipe, out=tmp_path / "model")

    assert result.metrics["mrr"] > result.metrics["before"]["mrr"]


def test_a_backbone_is_trained_on(tiny: Path, tmp_path: Path) -> None:
    recipe = Recipe(backbone=str(tiny), epochs=4, learning_rate=3e-3)

    result = pretrain(topics(200, seed=1).texts, recipe, tmp_path / "domain")

    assert result.perplexity_after < 0.85 * result.perplexity_before


@pytest.mark.parametrize("method", ["full", "adalora"])
def test_a_stopped_fit_goes_on(method: str, tiny: Path, tmp_path: Path) -> None:
    train, judged, recipe = topics(90, seed=1), topics(30, seed=2), quick(tiny, method=method, epochs=10)
    work = tmp_path / "work"

    with pytest.raises(Cancelled):
        fit(
            train, judged, recipe, out=tmp_path / "no", work=work, checkpoint_seconds=0, should_stop=after(30)
        )
    result = fit(train, judged, recipe, out=tmp_path / "model", work=work)

    assert result.metrics["accuracy"] > 0.7
    assert result.examples < 10 * 90 * 2  # twin and fit; some of it was done before


def after(steps: int) -> Callable[[], bool]:
    seen = iter(range(steps))
    return lambda: next(seen, None) is None
