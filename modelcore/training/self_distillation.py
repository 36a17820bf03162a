"""Learning from one's own earlier predictions beside the labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from accelerate.utils import gather
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot
from transformers import TrainerControl, TrainerState, TrainingArguments

from modelcore.training.carried import Carried


class OwnPredictions(Carried):
    """The loss whose targets move from the labels towards what the model itself said an epoch ago.

    In epoch t of E the target of a text is (1 - a) * label + a * prediction, with a = strength * t / (E - 1).
    A label that the model keeps doubting weighs less in the end, which wrong labels deserve, and the model is
    less sure of itself than with labels alone. Costs a row of (L,) float32 a text.

    Source: Kim et al., Self-Knowledge Distillation with Progressive Refinement of Targets, 2021.
    """

    name = "own_predictions"

    def __init__(
        self,
        targets: Sequence[int],
        labels: int,
        *,
        strength: float,
        smoothing: float,
        weights: Tensor | None,
    ) -> None:
        """Start with no predictions.

        Args:
            targets: n numbers of labels.
            labels: how many there are, L.
            strength: the predictions' share in the last epoch, in [0, 1).
            smoothing: share of a label's target spread over all labels, in [0, 1).
            weights: (L,) float factor of the texts of each label, or None.
        """
        self.targets = torch.tensor(targets)
        self.strength, self.smoothing, self.weights = strength, smoothing, weights
        self.share = 0.0
        self.predictions = torch.zeros(len(targets), labels)

    def __call__(self, logits: Tensor, texts: Tensor) -> Tensor:
        """The loss of (n, L) logits for the texts of these (n,) numbers, whose predictions it keeps."""
        places = texts.cpu()
        wanted = one_hot(self.targets[places], self.predictions.shape[1]).float()
        wanted = (1 - self.smoothing) * wanted + self.smoothing / wanted.shape[1]
        wanted = (1 - self.share) * wanted + self.share * self.predictions[places]
        self._keep(texts, logits.detach().softmax(dim=1))
        if self.weights is None:
            return cross_entropy(logits, wanted.to(logits.device))
        # A text weighs as much as its label. Were the target's parts weighed, what the model said of a rare
        # label would come back larger in each epoch, until it says nothing else.
        each = cross_entropy(logits, wanted.to(logits.device), reduction="none")
        return (self.weights[self.targets[places]].to(logits.device) * each).mean()

    def _keep(self, texts: Tensor, said: Tensor) -> None:
        # Of all processes: a text may be another's in the next epoch, and one process writes the checkpoint.
        all_texts, all_said = gather((texts, said))
        self.predictions[all_texts.cpu()] = all_said.cpu()

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        # A resumed run begins its epoch somewhere inside it.
        self.share = self.strength * int(state.epoch or 0) / max(1, round(args.num_train_epochs) - 1)

    def tensors(self) -> dict[str, Tensor]:
        return {"predictions": self.predictions}

    def restore(self, tensors: dict[str, Tensor]) -> None:
        self.predictions = tensors["predictions"]
