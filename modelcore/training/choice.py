"""A recipe with nothing left open: the method that suits the data, and that method's own settings."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from modelcore.sentence import Sentence
from modelcore.training.recipe import PARAMETER_EFFICIENT, Recipe

# About where both are alike: on PhraseBank comparing is ahead by 2.5 points at 28 texts a label and behind by
# 0.5 at 60, on BANKING77 they are level at 20 (held-out rows of its training file, two seeds).
FEW_PER_LABEL = 30
MANY_ROWS = 4000
OWN_SENTENCES = 4000
COMPARED_AT_ONCE = 64
# What five texts of each of 77 labels take in three passes. The fewest texts need as many: of six steps a
# backbone learns hardly anything.
LEAST_STEPS_OF_COMPARING = 24
# So that each method trains less than 2 % of MiniLM's parameters with a head of 77 labels.
RANKS = {"lora": 8, "adalora": 8, "prefix": 32, "adapter": 32}


@dataclass(frozen=True)
class Plan:
    """A complete recipe, and why it is so."""

    recipe: Recipe
    reason: Sentence


def plan_fit(
    recipe: Recipe, *, rows: int, labels: int, copies: int = 0, learns_to_read: bool = False
) -> Plan:
    """Decide what a recipe leaves open.

    Args:
        recipe: as the caller gave it.
        rows: training texts (or pairs), ≥ 1.
        labels: different labels among them; 0 when there are none.
        copies: of the rows, those that say the same as another, which teach nothing more.
        learns_to_read: the backbone's vocabulary lacks much of the texts and grows by it.
    """
    method, reason = recipe.method, Sentence("The recipe names the method.")
    if method == "auto":
        method, reason = _choose(recipe.task, rows - copies, labels, learns_to_read)
    defaults = _defaults(recipe.task, method, rows, labels)
    opened: dict[str, Any] = {
        name: value for name, value in defaults.items() if getattr(recipe, name) is None
    }
    return Plan(dataclasses.replace(recipe, method=method, **opened), reason)


def _choose(task: str, texts: int, labels: int, learns_to_read: bool) -> tuple[str, Sentence]:
    if task != "classification":
        return "full", Sentence("Training all blocks is the method for {task}.", task=task)
    if learns_to_read:
        return "full", Sentence("The backbone has yet to learn to read these texts: that takes all blocks.")
    per_label = texts / max(1, labels)
    if per_label < 2:
        return "head", Sentence(
            "{texts} texts for {labels} labels leave nothing to compare: only a head is fitted.",
            texts=texts,
            labels=labels,
        )
    if per_label <= FEW_PER_LABEL:
        return "contrastive", Sentence(
            "{per_label:.0f} texts a label are few: comparing them with one another teaches more than their "
            "labels alone.",
            per_label=per_label,
        )
    return "full", Sentence(
        "{per_label:.0f} texts a label are enough to train all blocks.", per_label=per_label
    )


def _defaults(task: str, method: str, rows: int, labels: int) -> dict[str, float]:
    batch_size = 64 if rows >= MANY_ROWS else 32 if rows >= 400 else 16
    settings: dict[str, float] = {
        "batch_size": batch_size,
        "epochs": max(5, min(10, round(10_000 / max(1, rows)))),
        "learning_rate": 3e-4 if batch_size == 64 else 2e-4,
        "label_smoothing": 0.0,
        "self_distillation": 0.8 if task == "classification" else 0.0,
        "dropout": 0.1,
        "own_sentences": OWN_SENTENCES if (task, method) == ("tagging", "full") else 0,
    }
    if method == "contrastive":
        # Few texts are soon known by heart: gentle steps and few passes keep what the encoder came with.
        steps_a_pass = math.ceil((rows + labels) / COMPARED_AT_ONCE)  # the labels' names are texts as well
        settings |= {
            "batch_size": COMPARED_AT_ONCE,
            "epochs": max(3, math.ceil(LEAST_STEPS_OF_COMPARING / steps_a_pass)),
            "learning_rate": 5e-5,
            "self_distillation": 0.0,
            "dropout": 0.0,
        }
    if method in PARAMETER_EFFICIENT:
        settings |= {"learning_rate": 1e-2 if method == "prefix" else 2e-3, "rank": RANKS[method]}
    return settings
