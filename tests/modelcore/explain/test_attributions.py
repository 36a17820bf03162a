import json
from pathlib import Path

import pytest
import torch

from modelcore.artifacts import write_artifact
from modelcore.errors import InputError
from modelcore.explain import Explainer
from modelcore.tasks.classification import Classifier
from modelcore.tasks.encoder import load_encoder
from modelcore.tasks.weights import write_weights
from tests.modelcore.tiny import make_tiny_backbone


@pytest.fixture
def explainer(tmp_path: Path) -> Explainer:
    backbone = make_tiny_backbone(tmp_path / "backbone")
    torch.manual_seed(3)
    model = Classifier(load_encoder(backbone), 3)
    torch.nn.init.normal_(model.head.weight, std=1.0)
    weights, config = write_weights(model, tmp_path)
    manifest = {
        "task": "classification",
        "labels": ["card", "refund", "other"],
        "backbone": {"name": "tiny", "digest": "0" * 64},
        "dataset": {"digest": "0" * 64, "rows": 0},
        "recipe": {},
        "seed": 3,
        "metrics": {},
        "runtimes": {"torch-fp32": {"file": None}},
        "default_runtime": "torch-fp32",
        "max_tokens": 64,
    }
    files = {
        "model.safetensors": weights,
        "config.json": config,
        "tokenizer.json": backbone / "tokenizer.json",
    }
    return Explainer(write_artifact(tmp_path / "artifact", manifest, files))


def test_weights_add_up_to_the_change_of_the_logit(explainer: Explainer) -> None:
    explanation = explainer.explain("please cancel my card today")

    moved = abs(sum(word.weight for word in explanation.words))
    assert explanation.completeness_error <= 0.02 * max(moved, 1.0)


def test_words_are_those_of_the_text_in_order(explainer: Explainer) -> None:
    text = "Where is my refund?"

    words = explainer.explain(text, "refund").words

    assert [word.text for word in words] == ["Where", "is", "my", "refund", "?"]
    assert all(text[word.start : word.end] == word.text for word in words)


def test_each_ideograph_is_a_word(explainer: Explainer) -> None:
    text = "我的PIN码丢了, help"

    words = explainer.explain(text).words

    assert [word.text for word in words] == ["我", "的", "PIN", "码", "丢", "了", ",", "help"]
    assert all(text[word.start : word.end] == word.text for word in words)


def test_an_unknown_label_is_refused(explainer: Explainer) -> None:
    with pytest.raises(InputError, match="no label"):
        explainer.explain("my card", "weather")


def test_an_empty_text_has_no_words(explainer: Explainer) -> None:
    explanation = explainer.explain("")

    assert explanation.words == ()
    assert json.dumps(explanation.to_json())
