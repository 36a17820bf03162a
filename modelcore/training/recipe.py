"""How to train: everything that decides a fit besides the data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Self

from modelcore.errors import InputError

TASKS = ("classification", "tagging", "embedding")
PARAMETER_EFFICIENT = ("lora", "adalora", "prefix", "adapter")
METHODS = ("auto", "full", "head", "contrastive", *PARAMETER_EFFICIENT)
EXTEND = "extend"  # needs an artifact to start from, so it is no choice of its own
SOLVERS = ("head", EXTEND)  # find a head's weights as a whole, where others take steps towards them
OF_STEPS = (
    "epochs",
    "batch_size",
    "learning_rate",
    "label_smoothing",
    "self_distillation",
    "precision",
    "patience",
    "accumulation",
    "schedule",
    "warmup",
    "weight_decay",
    "dropout",
)
PRECISIONS = ("auto", "fp32", "bf16")
SCHEDULES = ("linear", "cosine", "constant")


@dataclass(frozen=True)
class Recipe:
    """A fit's settings; None means what the method and the size of the data suggest.

    Args:
        task: one of TASKS.
        method: one of METHODS, "auto" picks by task and size; or EXTEND, see `start`.
        backbone: what `backbones.resolve` takes.
        seed: for the head's first weights, the order of the data and dropout, 0 to 2**32 - 1.
        epochs: passes over the data, ≥ 1.
        batch_size: texts a step, ≥ 1, before accumulation.
        learning_rate: the highest, in (0, 1).
        max_tokens: word pieces of a text that are read, 8 to 512; the rest is cut.
        label_smoothing: in [0, 1).
        self_distillation: the last epoch's share of the model's own predictions in its targets, in [0, 1).
        class_weights: weigh a label by the inverse of its share.
        precision: "auto" takes bf16 where the processor has it.
        patience: stop after so many epochs without a better held-out score; None trains all epochs.
        accumulation: batches an optimizer step, ≥ 1.
        schedule: one of SCHEDULES.
        warmup: share of the steps in which the learning rate rises, in [0, 1); less than a step is none.
        weight_decay: decoupled, ≥ 0.
        dropout: in [0, 1); None keeps the method's own.
        own_sentences: with made-up personal data that a tagger learns from first; see `start_tagger`.
        start: digest of the artifact whose labels EXTEND adds to; empty for every other method.
        rank: inner width of LoRA, AdaLoRA and bottlenecks, or learned positions of a prefix.
    """

    task: str = "classification"
    method: str = "auto"
    backbone: str = "minilm"
    seed: int = 0
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    max_tokens: int = 128
    label_smoothing: float | None = None
    self_distillation: float | None = None
    class_weights: bool = False
    precision: str = "auto"
    patience: int | None = None
    accumulation: int = 1
    schedule: str = "linear"
    warmup: float = 0.1
    weight_decay: float = 0.01
    dropout: float | None = None
    own_sentences: int | None = None
    rank: int | None = None
    start: str = ""

    def __post_init__(self) -> None:
        choices = {
            "task": TASKS,
            "method": (*METHODS, EXTEND),
            "precision": PRECISIONS,
            "schedule": SCHEDULES,
        }
        for field, allowed in choices.items():
            if getattr(self, field) not in allowed:
                raise InputError(
                    'The recipe\'s {field} is "{value}": use {allowed}.',
                    field=field,
                    value=getattr(self, field),
                    allowed=", ".join(allowed),
                )
        ranges = {
            "seed": (0, 2**32 - 1),  # NumPy takes no other
            "epochs": (1, 10_000),
            "batch_size": (1, 65_536),
            "learning_rate": (1e-12, 1.0),
            "max_tokens": (8, 512),
            "label_smoothing": (0.0, 0.99),
            "self_distillation": (0.0, 0.99),
            "patience": (1, 10_000),
            "accumulation": (1, 65_536),
            "warmup": (0.0, 0.99),
            "weight_decay": (0.0, 10.0),
            "dropout": (0.0, 0.99),
            "own_sentences": (0, 1_000_000),
            "rank": (1, 4096),
        }
        for field, (lowest, highest) in ranges.items():
            value = getattr(self, field)
            if value is not None and not lowest <= value <= highest:
                raise InputError(
                    "The recipe's {field} is {value}: give a number from {lowest:.10g} to {highest:.10g}.",
                    field=field,
                    value=value,
                    lowest=lowest,
                    highest=highest,
                )
        if (self.method == EXTEND) != bool(self.start):
            raise InputError("The method extend goes on from an artifact: give it and its digest as start.")
        _check_pair(self.task, self.method)

    def to_json(self) -> dict[str, Any]:
        """Every setting as plain JSON types."""
        return dataclasses.asdict(self)

    def in_effect(self) -> dict[str, Any]:
        """The settings that the method reads, for a card: a solver takes no steps."""
        unread = OF_STEPS if self.method in SOLVERS else ()
        return {name: value for name, value in self.to_json().items() if name not in unread}

    def without_effect(self) -> tuple[str, ...]:
        """The settings that somebody chose and the method does not read."""
        read = self.in_effect()
        chosen = (field for field in dataclasses.fields(self) if getattr(self, field.name) != field.default)
        return tuple(field.name for field in chosen if field.name not in read)

    @classmethod
    def from_json(cls, settings: dict[str, Any]) -> Self:
        """A recipe from what `to_json` gave, or a part of it.

        Raises:
            InputError: a setting is unknown or out of its range.
        """
        unknown = sorted(set(settings) - {field.name for field in dataclasses.fields(cls)})
        if unknown:
            raise InputError(
                "The recipe has unknown settings: {unknown}. Take them out.", unknown=", ".join(unknown)
            )
        return cls(**settings)


def _check_pair(task: str, method: str) -> None:
    if task != "classification" and method in ("head", "contrastive", EXTEND):
        raise InputError(
            "The method {method} needs the task classification: use full or auto for {task}.",
            method=method,
            task=task,
        )
