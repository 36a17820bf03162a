from types import SimpleNamespace
from typing import Any

import pytest
from torch import nn
from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertModel

from modelcore.errors import InputError
from modelcore.tasks.adapters import attach, attached
from modelcore.training.parameters import prepare_parameters
from modelcore.training.recipe import Recipe

SMALL = ("lora", "adalora", "prefix", "adapter")


def prepare(encoder: nn.Module, method: Any) -> Any:
    """The encoder with what the method adds, which may be around it."""
    session: Any = SimpleNamespace(recipe=Recipe(method=method), steps=lambda examples: 20, added=())
    model = SimpleNamespace(encoder=encoder)
    prepare_parameters(model, session, examples=10)
    return model.encoder


def distilled() -> nn.Module:
    return DistilBertModel(DistilBertConfig(vocab_size=60, dim=16, n_layers=1, n_heads=2, hidden_dim=32))


def bert() -> nn.Module:
    sizes: Any = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    return BertModel(BertConfig(vocab_size=60, intermediate_size=32, **sizes))


@pytest.mark.parametrize("method", ["prefix", "adapter"])
def test_parts_that_an_encoder_has_no_place_for_are_refused(method: str) -> None:
    with pytest.raises(InputError, match="laid out like BERT, which distilbert is not"):
        prepare(distilled(), method)


@pytest.mark.parametrize("method", ["lora", "adalora"])
def test_low_ranks_are_added_to_every_linear_layer_however_it_is_called(method: str) -> None:
    named = prepare(distilled(), method).named_parameters()
    trained = {name.split(".lora_")[0].rpartition(".")[2] for name, value in named if value.requires_grad}

    assert trained == {"q_lin", "k_lin", "v_lin", "out_lin", "lin1", "lin2"}


def test_an_encoder_of_another_layout_trains_whole() -> None:
    encoder = distilled()

    prepare(encoder, "full")

    assert any(parameter.requires_grad for parameter in encoder.parameters())
    assert attached(encoder) == {}


@pytest.mark.parametrize("method", SMALL)
@pytest.mark.parametrize("part", ["bottleneck", "prefix"])
def test_no_method_adds_its_parts_to_those_of_an_earlier_fit(method: str, part: str) -> None:
    encoder = bert()
    attach(encoder, {part: 4})

    with pytest.raises(InputError, match="what an earlier fit added"):
        prepare(encoder, method)
