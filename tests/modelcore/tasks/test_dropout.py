"""Dropout by random bytes drops as often as it says, keeps the mean and follows torch's seed."""

import pytest
import torch
from torch import Tensor, nn

from modelcore.tasks.dropout import ByteDropout
from modelcore.tasks.encoder import set_dropout

ROWS = torch.ones(1000, 257)


def dropped(*, seed: int, probability: float = 0.1) -> Tensor:
    torch.manual_seed(seed)
    return ByteDropout(probability).forward(ROWS)


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_the_share_of_zeros_is_the_probability_and_the_mean_stays(probability: float) -> None:
    values = dropped(seed=0, probability=probability)
    assert (values == 0).float().mean().item() == pytest.approx(probability, abs=0.005)
    assert values.mean().item() == pytest.approx(1.0, abs=0.02)


def test_neighbours_that_share_a_random_number_fall_independently() -> None:
    zeros = (dropped(seed=1) == 0).float()
    together = (zeros[:, :-1] * zeros[:, 1:]).mean().item()
    assert together == pytest.approx(0.1**2, abs=0.002)


def test_the_same_seed_drops_the_same() -> None:
    assert torch.equal(dropped(seed=2), dropped(seed=2))
    assert not torch.equal(dropped(seed=2), dropped(seed=3))


def test_the_gradient_passes_where_the_value_did() -> None:
    values = torch.ones(64, 64, requires_grad=True)
    kept = ByteDropout(0.3)(values)
    kept.sum().backward()
    assert values.grad is not None
    assert torch.equal(values.grad, kept.detach())


@pytest.mark.parametrize("module", [ByteDropout(0.0), ByteDropout(0.5).eval()])
def test_nothing_is_dropped_at_zero_or_in_use(module: nn.Module) -> None:
    assert module(ROWS) is ROWS


def test_hidden_states_have_dropout_and_attention_has_none() -> None:
    attention = nn.ModuleDict({"self": nn.ModuleDict({"dropout": nn.Dropout(0.3)})})
    encoder = nn.ModuleDict({"attention": attention, "dropout": nn.Dropout(0.3)})
    set_dropout(encoder, 0.2)
    found = {name: module.p for name, module in encoder.named_modules() if isinstance(module, ByteDropout)}
    assert found == {"attention.self.dropout": 0.0, "dropout": 0.2}
