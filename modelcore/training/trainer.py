"""transformers' Trainer with what makes it fast on processors and exact when it resumes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.utils.data import Sampler
from transformers import Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from modelcore.sentence import Sentence
from modelcore.training import processes
from modelcore.training.batching import Examples
from modelcore.training.carried import Carried, put_weights, steps_of_epoch, trained_weights
from modelcore.training.checkpoints import mark_complete, told_when_full
from modelcore.training.losses import Loss
from modelcore.training.progress import NOTHING, Progress, Watcher

TRAINED_FILE = "trained.safetensors"
# Of the time of a run, the most that goes into checkpoints: those of a large model take seconds.
CHECKPOINT_SHARE = 0.05


class BerthTrainer(Trainer):
    """Trainer over batches of like length, with a given loss and small checkpoints."""

    def __init__(self, *, model: nn.Module, args: TrainingArguments, examples: Examples, loss: Loss) -> None:
        super().__init__(model=model, args=args, train_dataset=examples, data_collator=examples.collate)
        self.examples = examples
        self.trained_model = model
        self.loss = loss
        self.model_accepts_loss_kwargs = False
        self.carried: list[Carried] = []

    def _get_train_sampler(self, train_dataset: Any = None) -> Sampler[int]:
        sampler: Any = self.examples.sampler(self.args.train_batch_size, self.args.seed)
        self.add_callback(OrderOfEpoch(sampler))
        return cast(Sampler[int], sampler)

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Tensor],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Any:
        outputs = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"])
        loss = self.loss(outputs.float(), inputs["labels"])
        return (loss, outputs) if return_outputs else loss

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:
        with told_when_full(Path(str(self.args.output_dir))):
            super()._save_checkpoint(model, trial)

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        """Frozen weights come back from the backbone, so a checkpoint holds the trained ones alone."""
        folder = Path(output_dir or str(self.args.output_dir))
        folder.mkdir(parents=True, exist_ok=True)
        save_file(_plain(trained_weights(self.trained_model)), folder / TRAINED_FILE)
        for part in self.carried:
            if part.tensors():
                save_file(_plain(part.tensors()), folder / f"{part.name}.safetensors")

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: nn.Module | None = None) -> None:
        folder = Path(resume_from_checkpoint)
        target = self.trained_model if model is None else model
        put_weights(target, load_file(folder / TRAINED_FILE))
        for part in self.carried:
            if (folder / f"{part.name}.safetensors").is_file():
                part.restore(load_file(folder / f"{part.name}.safetensors"))


def _plain(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Without shared storage, which safetensors refuses."""
    return {name: value.contiguous().clone() for name, value in tensors.items()}


class OrderOfEpoch(TrainerCallback):
    """Tells the sampler its epoch: through what splits batches among processes and skips those that were
    seen, a resumed run doesn't reach it."""

    def __init__(self, sampler: Any) -> None:
        self.sampler = sampler

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self.sampler.set_epoch(int(state.epoch or 0))


class StopAfter(TrainerCallback):
    """Ends a run with an epoch before its last, as what it follows stopped there."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        if state.global_step >= self.epochs * steps_of_epoch(args, state):
            control.should_training_stop = True


@dataclass(frozen=True)
class Part:
    """What a run is of its fit: what is said of it first, and the steps of the runs before and after it."""

    message: Sentence = NOTHING
    before: int = 0
    after: int = 0


class Reporter(TrainerCallback):
    """Tells the caller how far training is, and asks for a checkpoint every so many seconds."""

    def __init__(self, watcher: Watcher, part: Part, *, checkpoint_seconds: float | None) -> None:
        self.watcher = watcher
        self.part = part
        self.checkpoint_seconds = checkpoint_seconds
        self.started_at = self.saved_at = self.asked_at = time.monotonic()
        self.first_step = 0
        self.saving_seconds = 0.0

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self.started_at = self.saved_at = time.monotonic()
        self.first_step = state.global_step
        if self.part.message:
            self._tell(state, message=self.part.message)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self.watcher.check()
        # A run that resumed where one stopped early would go on with at least a step.
        has_stopped = control.should_training_stop and state.global_step < state.max_steps
        if self.checkpoint_seconds is None or has_stopped:
            return
        # Only where the loss is logged as well: between two logs its running sum lives in memory alone, and a
        # resumed curve would differ from an undisturbed one.
        is_logged = state.global_step % args.logging_steps == 0
        if (is_logged and processes.once(self._is_due)) or state.global_step == state.max_steps:
            self.asked_at = time.monotonic()
            control.should_save = True

    def _is_due(self) -> bool:
        if not self.checkpoint_seconds:
            return True
        apart = max(self.checkpoint_seconds, self.saving_seconds / CHECKPOINT_SHARE)
        return time.monotonic() - self.saved_at >= apart

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        checkpoint = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}"
        processes.once(lambda: mark_complete(checkpoint))
        self.saved_at = time.monotonic()
        self.saving_seconds = self.saved_at - self.asked_at

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        loss = (kwargs.get("logs") or {}).get("loss")
        if loss is None:
            return
        done = max(1, state.global_step - self.first_step)
        left = state.max_steps - state.global_step + self.part.after
        self._tell(state, loss, (time.monotonic() - self.started_at) / done * left)

    def _tell(
        self,
        state: TrainerState,
        loss: float | None = None,
        eta: float | None = None,
        message: Sentence = NOTHING,
    ) -> None:
        phase = "rehearse" if self.part.after else "train"
        step = self.part.before + state.global_step
        total = self.part.before + state.max_steps + self.part.after
        self.watcher.tell(Progress(phase, step, total, loss, None, eta, message))
