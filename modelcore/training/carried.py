"""What training builds up beside the model and the optimizer, and must carry over an interruption."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class Carried(TrainerCallback, ABC):
    """Trains along and has tensors that a checkpoint stores as `<name>.safetensors` and gives back."""

    name: str

    @abstractmethod
    def tensors(self) -> dict[str, Tensor]: ...

    @abstractmethod
    def restore(self, tensors: dict[str, Tensor]) -> None: ...


class BestEpoch(Carried):
    """The weights of the epoch with the best score; stops after `patience` epochs without a better one."""

    name = "best"
    so_far = "score:waited"  # no parameter is named so

    def __init__(self, score: Callable[[nn.Module], float], *, patience: int) -> None:
        self.score, self.patience = score, patience
        self.best, self.waited = float("-inf"), 0
        self.weights: dict[str, Tensor] = {}

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        # At the last step and not at the end of the epoch: a checkpoint lies between the two, and a run that
        # resumes from it must not lack this epoch's score.
        if state.global_step % steps_of_epoch(args, state):
            return
        model = kwargs["model"]
        score = self.score(model)
        state.log_history.append({"held_out_score": score, "step": state.global_step})
        if score > self.best:
            self.best, self.waited = score, 0
            self.weights = {name: value.clone() for name, value in trained_weights(model).items()}
        else:
            self.waited += 1
        control.should_training_stop = control.should_training_stop or self.waited >= self.patience

    def tensors(self) -> dict[str, Tensor]:
        return {**self.weights, self.so_far: torch.tensor([self.best, self.waited], dtype=torch.float64)}

    def restore(self, tensors: dict[str, Tensor]) -> None:
        self.weights = {name: value for name, value in tensors.items() if name != self.so_far}
        self.best, waited = tensors[self.so_far].tolist()
        self.waited = int(waited)


def steps_of_epoch(args: TrainingArguments, state: TrainerState) -> int:
    """Optimizer steps of each epoch, at least 1."""
    return max(1, state.max_steps // int(args.num_train_epochs))


class RankBudget(Carried):
    """Lets AdaLoRA move its ranks to where they matter, after each optimizer step.

    Source: Zhang et al., Adaptive Budget Allocation for Parameter-Efficient Fine-Tuning, 2023, section 3.
    """

    name = "ranks"
    importances = ("ipt", "exp_avg_ipt", "exp_avg_unc")

    def __init__(self, encoder: Any) -> None:
        self.adalora = encoder.base_model

    def on_optimizer_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self.adalora.update_and_allocate(state.global_step)

    def tensors(self) -> dict[str, Tensor]:
        allocator = self.adalora.rankallocator
        found = {
            f"{kind}:{key}": value
            for kind in self.importances
            for key, value in getattr(allocator, kind).items()
        }
        pattern = allocator.peft_config.rank_pattern or {}
        return found | {f"pattern:{key}": torch.tensor(kept) for key, kept in pattern.items()}

    def restore(self, tensors: dict[str, Tensor]) -> None:
        device = next(self.adalora.parameters()).device
        for name, value in tensors.items():
            kind, _, key = name.partition(":")
            if kind == "pattern":
                config = self.adalora.rankallocator.peft_config
                config.rank_pattern = {**(config.rank_pattern or {}), key: value.tolist()}
            else:
                getattr(self.adalora.rankallocator, kind)[key] = value.to(device)


def trained_weights(model: nn.Module) -> dict[str, Tensor]:
    """The parameters that training changes, by name; views, not copies."""
    named = model.named_parameters()
    return {name.removeprefix("module."): value.detach() for name, value in named if value.requires_grad}


def put_weights(model: nn.Module, weights: dict[str, Tensor]) -> None:
    """Copy weights into the parameters of the same names."""
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, value in weights.items():
            parameters[name].copy_(value)
