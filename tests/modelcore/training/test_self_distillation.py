from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from modelcore.training.self_distillation import OwnPredictions

LOGITS = torch.tensor([[2.0, 0.0, -1.0], [0.5, 1.5, 0.0]])
TEXTS = torch.tensor([1, 0])


def own(smoothing: float = 0.0, weights: Tensor | None = None) -> OwnPredictions:
    return OwnPredictions([1, 0, 2], 3, strength=0.5, smoothing=smoothing, weights=weights)


def begin_epoch(loss: OwnPredictions, epoch: float) -> None:
    args: Any = SimpleNamespace(num_train_epochs=3)
    state: Any = SimpleNamespace(epoch=epoch)
    loss.on_epoch_begin(args, state, args)


def test_the_first_epoch_learns_the_labels_alone() -> None:
    loss = own()
    begin_epoch(loss, 0)

    assert loss(LOGITS, TEXTS).item() == pytest.approx(cross_entropy(LOGITS, torch.tensor([0, 1])).item())


def test_later_targets_hold_what_the_model_said_of_the_same_text() -> None:
    loss = own()
    begin_epoch(loss, 0)
    loss(LOGITS, TEXTS)
    begin_epoch(loss, 2)  # the last of three: the whole strength

    found = loss(torch.flip(LOGITS, [0]), torch.flip(TEXTS, [0]))

    wanted = 0.5 * torch.tensor([[1.0, 0, 0], [0, 1.0, 0]]) + 0.5 * LOGITS.softmax(dim=1)
    assert found.item() == pytest.approx(cross_entropy(LOGITS, wanted).item())


def test_the_share_grows_with_the_epochs_and_a_resumed_one_goes_on() -> None:
    loss = own()
    shares = []
    for epoch in (0, 1, 1.4, 2):
        begin_epoch(loss, epoch)
        shares.append(loss.share)
    assert shares == [0.0, 0.25, 0.25, 0.5]


def test_smoothing_is_that_of_cross_entropy() -> None:
    begin_epoch(loss := own(smoothing=0.1), 0)
    soft = 0.9 * torch.tensor([[1.0, 0, 0], [0, 1.0, 0]]) + 0.1 / 3
    assert loss(LOGITS, TEXTS).item() == pytest.approx(cross_entropy(LOGITS, soft).item())


def test_a_text_weighs_as_much_as_its_label_whatever_the_model_said_of_it() -> None:
    begin_epoch(loss := own(weights=torch.tensor([1.0, 3.0, 9.0])), 0)
    loss(LOGITS, TEXTS)
    begin_epoch(loss, 2)

    wanted = 0.5 * torch.tensor([[1.0, 0, 0], [0, 1.0, 0]]) + 0.5 * LOGITS.softmax(dim=1)
    each = cross_entropy(LOGITS, wanted, reduction="none")
    assert loss(LOGITS, TEXTS).item() == pytest.approx(((each[0] + 3 * each[1]) / 2).item())


def test_predictions_survive_a_checkpoint() -> None:
    loss, again = own(), own()
    loss(LOGITS, TEXTS)
    again.restore(loss.tensors())
    for one in (loss, again):
        begin_epoch(one, 2)
    assert loss(LOGITS, TEXTS).item() == again(LOGITS, TEXTS).item()
