"""One training run inside a fit: the Trainer, its settings, and its way back from a checkpoint."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import PreTrainedModel, set_seed

from modelcore.backbones import Backbone
from modelcore.sentence import Sentence
from modelcore.tasks.encoder import load_encoder, read_config
from modelcore.tasks.line_ends import mark_line_ends
from modelcore.training import processes
from modelcore.training.batching import Examples, Tokenised, tokenise
from modelcore.training.carried import BestEpoch, Carried, put_weights, trained_weights
from modelcore.training.checkpoints import last_complete
from modelcore.training.inference import has_bf16
from modelcore.training.losses import Loss
from modelcore.training.progress import NOTHING, Watcher
from modelcore.training.recipe import Recipe
from modelcore.training.vocabulary import grow_embeddings, with_pieces

LOGGED_STEPS = 100
MESSAGES = {
    "twin": Sentence("A twin learns from four fifths of the texts; the rest will calibrate it."),
    "own": Sentence("The encoder first learns from sentences with made-up personal data."),
    "head": Sentence("The encoder gets a language-modelling head."),
}


@dataclass(frozen=True)
class Trained:
    """A finished run: visits of a text, seconds of training, and the loss at the logged steps.

    Where it went on from a checkpoint, `seconds` and `timed_examples` count from there, `examples` and
    `steps` all.
    """

    name: str
    examples: int
    timed_examples: int
    seconds: float
    curve: list[dict[str, float]]
    parameters: int
    steps: int = 0


@dataclass(frozen=True)
class Session:
    """What every run of one fit shares.

    Args:
        recipe: without a None that training needs.
        backbone: where the encoder comes from.
        folder: for checkpoints and TensorBoard.
        checkpoint_seconds: at least so long between two checkpoints, see `fit`; None writes none.
        added: pieces that the backbone's vocabulary lacks and gets, see `Gap`.
        last_epoch: after which a run stops, planned as if it went on; None where it ends with the recipe's.
        later_steps: of the runs that follow the next one, which only rehearses for them.
    """

    recipe: Recipe
    backbone: Backbone
    folder: Path
    watcher: Watcher
    checkpoint_seconds: float | None = None
    added: tuple[str, ...] = ()
    last_epoch: int | None = None
    later_steps: int = 0
    runs: list[Trained] = field(default_factory=list)

    def new_encoder(self) -> PreTrainedModel:
        """The backbone with the added pieces, after seeding all that follows with the recipe's seed."""
        _quieten()
        set_seed(self.recipe.seed)
        encoder = load_encoder(
            self.backbone.path, dropout=self.recipe.dropout, max_tokens=self.recipe.max_tokens
        )
        self.grow(encoder)
        return encoder

    def grow(self, encoder: nn.Module) -> None:
        """Give an encoder of the backbone's vocabulary the added pieces; seed before."""
        if self.added:
            grow_embeddings(encoder, len(self.added))

    @property
    def tokenizer_json(self) -> bytes:
        """The content of `tokenizer.json` to read with: the backbone's; for a tagger it marks line ends."""
        content = (self.backbone.path / "tokenizer.json").read_bytes()
        if self.added:
            content = with_pieces(content, self.added, first=int(read_config(self.backbone.path).vocab_size))
        return mark_line_ends(content) if self.recipe.task == "tagging" else content

    def tokenise(self, texts: Sequence[str]) -> Tokenised:
        """Cut texts into word pieces, as many of each as the recipe lets be read."""
        return tokenise(texts, self.tokenizer_json, max_tokens=self.recipe.max_tokens)

    def steps(self, examples: int) -> int:
        """Optimizer steps of a run over so many examples."""
        batches = math.ceil(examples / (_batch_size(self.recipe) * processes.count()))
        return math.ceil(batches / self.recipe.accumulation) * _epochs(self.recipe)

    def train(
        self,
        name: str,
        model: nn.Module,
        examples: Examples,
        loss: Loss,
        *,
        score: Callable[[nn.Module], float] | None = None,
        beside: Sequence[Carried] = (),
    ) -> Trained:
        """Train the parameters that require a gradient; the model ends with the weights worth keeping.

        Args:
            name: of this run inside the fit; names its folder.
            model: takes input_ids and attention_mask; changed in place. It trains on the GPU where there is
                one, and comes back from it.
            examples: what it learns from.
            loss: of the model's output and the batch's labels.
            score: of the model on held-out texts, higher is better; used when the recipe has a patience.
            beside: what trains along, such as AdaLoRA's budget.
        Raises:
            Cancelled: the caller wanted to stop.
        """
        from modelcore.training.trainer import Part, Reporter, StopAfter

        best = None
        if score is not None and self.recipe.patience is not None:
            best = BestEpoch(score, patience=self.recipe.patience)
        board = self._board(name)
        trainer = self._trainer(name, model, examples, loss, board)
        for carried in [*([best] if best else []), *beside]:
            trainer.add_callback(carried)
            trainer.carried.append(carried)
        if self.last_epoch is not None:
            trainer.add_callback(StopAfter(self.last_epoch))
        # Last, so that a checkpoint is marked whole after all others have written into it.
        part = Part(MESSAGES.get(name, NOTHING), sum(run.steps for run in self.runs), self.later_steps)
        trainer.add_callback(Reporter(self.watcher, part, checkpoint_seconds=self.checkpoint_seconds))
        checkpoint = None
        if self.checkpoint_seconds is not None:
            checkpoint = processes.once(lambda: last_complete(self.folder / name))
        first_step = int(checkpoint.name.rpartition("-")[2]) if checkpoint else 0
        started_at = time.monotonic()
        torch.set_flush_denormal(True)  # arithmetic on denormals is many times slower
        try:
            trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
        finally:
            torch.set_flush_denormal(False)  # the process may have other things to do with small numbers
            if board is not None:
                board.close()  # a run that was cancelled leaves no thread behind
        seconds = time.monotonic() - started_at
        if best is not None:
            put_weights(model, best.weights)
        # What follows a run, such as the head and the figures, counts in fp32 on the processor; accelerate
        # leaves a forward that casts.
        trainer.accelerator.unwrap_model(model, keep_fp32_wrapper=False).to("cpu").eval()
        visits = len(examples) * _epochs(self.recipe) / trainer.state.max_steps
        steps = trainer.state.global_step
        curve = [entry for entry in trainer.state.log_history if "loss" in entry or "held_out_score" in entry]
        weights = sum(value.numel() for value in trained_weights(model).values())
        timed = round((steps - first_step) * visits)
        trained = Trained(name, round(steps * visits), timed, seconds, curve, weights, steps)
        self.runs.append(trained)
        return trained

    def _board(self, name: str) -> Any:
        """What draws the run for TensorBoard, in one of the processes."""
        from torch.utils.tensorboard import SummaryWriter

        if processes.number() != 0:
            return None
        return SummaryWriter(str(self.folder / "tensorboard" / name))

    def _trainer(self, name: str, model: nn.Module, examples: Examples, loss: Loss, board: Any) -> Any:
        from transformers.integrations.integration_utils import TensorBoardCallback
        from transformers.trainer_callback import PrinterCallback

        from modelcore.training.trainer import BerthTrainer

        callback: Any = TensorBoardCallback
        trainer = BerthTrainer(
            model=model,
            args=self._arguments(name, len(examples)),
            examples=examples,
            loss=loss,
        )
        trainer.remove_callback(PrinterCallback)
        if board is not None:
            trainer.add_callback(callback(board))
        return trainer

    def _warmup(self, examples: int) -> float:
        """The share of the steps that warm up; none where it is less than a step.

        Rounded up to a whole one, whose learning rate is 0, it would take most of a short run, or all of it.
        """
        return self.recipe.warmup if self.recipe.warmup * self.steps(examples) >= 1 else 0.0

    def _arguments(self, name: str, examples: int) -> Any:
        from transformers import TrainingArguments

        recipe = self.recipe
        arguments = TrainingArguments(
            output_dir=str(self.folder / name),
            per_device_train_batch_size=_batch_size(recipe),
            gradient_accumulation_steps=recipe.accumulation,
            num_train_epochs=_epochs(recipe),
            learning_rate=recipe.learning_rate or 0.0,
            lr_scheduler_type=recipe.schedule if recipe.schedule != "constant" else "constant_with_warmup",
            warmup_steps=self._warmup(examples),
            weight_decay=recipe.weight_decay,
            optim="adamw_torch_fused",
            bf16=use_bf16(recipe.precision),
            use_cpu=not torch.cuda.is_available(),
            seed=recipe.seed,
            logging_steps=max(1, min(10, self.steps(examples) // LOGGED_STEPS)),
            save_strategy="no",
            save_total_limit=2,
            report_to=["wandb"] if os.environ.get("WANDB_API_KEY") else [],
            disable_tqdm=True,
            remove_unused_columns=False,
            dataloader_pin_memory=False,
            ddp_find_unused_parameters=False,
        )
        # Several GPUs in one process would multiply the batch: torchrun spreads a fit over them instead.
        arguments._n_gpu = min(arguments.n_gpu, 1)
        return arguments


def _quieten() -> None:
    """Progress and faults go to the caller; transformers' own bars and reports would mix with them."""
    import transformers

    only_errors: Any = transformers.logging.set_verbosity_error
    no_bars: Any = transformers.logging.disable_progress_bar
    only_errors()
    no_bars()


def use_bf16(precision: str) -> bool:
    """Whether matrix products run in bf16; "auto" where what trains has instructions for it."""
    trains_on = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return has_bf16(trains_on) if precision == "auto" else precision == "bf16"


def _epochs(recipe: Recipe) -> int:
    if recipe.epochs is None:
        raise ValueError("The recipe was not completed: it has no epochs.")
    return recipe.epochs


def _batch_size(recipe: Recipe) -> int:
    """Of each process, so that a step has as many texts as the recipe says, however many share them."""
    if recipe.batch_size is None:
        raise ValueError("The recipe was not completed: it has no batch size.")
    return math.ceil(recipe.batch_size / processes.count())
