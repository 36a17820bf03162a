"""Backbones that are laid out otherwise than BERT go the whole way, or are refused in a sentence."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from modelcore.errors import InputError
from modelcore.explain import Explainer
from modelcore.serving import Predictor
from modelcore.serving.bench import flops_of_text
from modelcore.tasks.encoder import load_encoder
from modelcore.training import Recipe, fit
from modelcore.training.pretraining import pretrain
from tests.modelcore.training.samples import quick, topics

SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
PIECES: dict[str, object] = {"pad_token_id": 1, "bos_token_id": 2, "eos_token_id": 3}
# Both layers have four square matrices and two of 32 x 64; ModernBERT's feed-forward has a third, as a gate.
SQUARES = 2 * 4 * 32 * 32
ENCODERS: dict[str, tuple[dict[str, object], int]] = {
    "DistilBert": ({"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64}, SQUARES + 2 * 2 * 32 * 64),
    "Roberta": ({**SIZES, **PIECES}, SQUARES + 2 * 2 * 32 * 64),
    "ModernBert": (
        {**SIZES, **PIECES, "cls_token_id": 2, "sep_token_id": 3},
        SQUARES + 2 * 3 * 32 * 64,
    ),
}


def backbone(name: str, settings: dict[str, object], tiny: Path, place: Path) -> Path:
    """An encoder of another architecture that reads with the tiny tokenizer."""
    torch.manual_seed(0)
    pieces = load_encoder(tiny).config.vocab_size
    config: Any = getattr(transformers, f"{name}Config")(vocab_size=pieces, **settings)
    getattr(transformers, f"{name}Model")(config).save_pretrained(place)
    shutil.copyfile(tiny / "tokenizer.json", place / "tokenizer.json")
    return place


@pytest.mark.parametrize("name", ENCODERS)
def test_another_architecture_is_learned_served_explained_and_counted(
    name: str, tiny: Path, tmp_path: Path
) -> None:
    settings, weights = ENCODERS[name]
    made = backbone(name, settings, tiny, tmp_path / "backbone")
    fit(topics(30, seed=1), topics(9, seed=2), quick(made, epochs=1), out=tmp_path / "model")

    asked = Predictor.open(tmp_path / "model").predict(["my card", "a city in london"])
    explained = Explainer(tmp_path / "model").explain("my card")

    assert all(0 < answer.score <= 1 for answer in asked)
    assert [word.text for word in explained.words] == ["my", "card"]
    assert explained.completeness_error < 0.01
    assert flops_of_text(tmp_path / "model", 10) == 10 * (2 * weights + 4 * 10 * 32 * 2)
    again = quick(tmp_path / "model", method="head")
    assert fit(topics(30, seed=1), topics(9, seed=2), again, out=tmp_path / "again").artifact.is_dir()


@pytest.mark.parametrize(
    ("name", "settings", "mask"),
    [
        ("Roberta", {**SIZES, **PIECES}, "<mask>"),
        ("Albert", {**SIZES, "embedding_size": 16}, "[MASK]"),
    ],
)
def test_another_architecture_is_pre_trained(
    name: str, settings: dict[str, object], mask: str, tiny: Path, tmp_path: Path
) -> None:
    made = backbone(name, settings, tiny, tmp_path / "backbone")
    tokenizer = made / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text("utf-8").replace("[MASK]", mask), "utf-8")
    recipe = Recipe(backbone=str(made), epochs=4, learning_rate=3e-3)

    result = pretrain(topics(100, seed=1).texts, recipe, tmp_path / "domain")

    assert result.perplexity_after < result.perplexity_before
    assert load_encoder(result.backbone).config.model_type == name.lower()


def test_what_only_writes_is_no_backbone(tiny: Path, tmp_path: Path) -> None:
    made = backbone("GPT2", {"n_embd": 32, "n_layer": 1, "n_head": 2}, tiny, tmp_path / "gpt2")

    with pytest.raises(InputError, match="gpt2, not an encoder"):
        load_encoder(made)
