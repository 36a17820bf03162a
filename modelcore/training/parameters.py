"""Which parameters a method trains, and how the small ones join the encoder afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import nn

from modelcore.errors import InputError
from modelcore.tasks.adapters import adapter_parameters, attach, attached, has_room
from modelcore.training.carried import RankBudget
from modelcore.training.recipe import Recipe

if TYPE_CHECKING:
    from modelcore.training.session import Session


def prepare_parameters(model: Any, session: Session, *, examples: int) -> None:
    """Freeze and extend a task's module as the method wants it.

    Args:
        model: Classifier, Tagger or Embedder; changed in place.
        session: its recipe is complete; `rank` sizes what the small methods add.
        examples: of the run, over whose optimizer steps AdaLoRA plans its budget.

    Raises:
        InputError: the method's parts can't be put into this encoder.
    """
    encoder, recipe = model.encoder, session.recipe
    if recipe.method in ("full", "contrastive"):
        # The word embeddings are half of MiniLM's parameters and hardly move in a short fine-tuning; frozen,
        # they cost no optimizer step and keep words that the data lacks where they were. Added ones have yet
        # to learn what they mean.
        encoder.embeddings.requires_grad_(False)
        encoder.get_input_embeddings().requires_grad_(bool(session.added))
        return
    encoder.requires_grad_(False)
    if recipe.method == "head":
        return
    _require_room(encoder, recipe.method)
    rank = recipe.rank or 8
    if recipe.method == "adapter":
        attach(encoder, {"bottleneck": rank})
    elif recipe.method == "prefix":
        attach(encoder, {"prefix": rank})
    elif recipe.method in ("lora", "adalora"):
        model.encoder = _with_peft(encoder, recipe.method, rank, session.steps(examples))
    for parameter in adapter_parameters(encoder):
        parameter.requires_grad_(True)


def _require_room(encoder: Any, method: str) -> None:
    if attached(encoder):
        raise InputError(
            "The backbone holds what an earlier fit added to it, and the method {method} can't add its parts "
            "beside that: choose full or head, or start from the backbone of that fit.",
            method=method,
        )
    if method in ("adapter", "prefix") and not has_room(encoder):
        raise InputError(
            "The method {method} adds its parts to encoders laid out like BERT, which {type} is not: choose "
            "full, lora or head.",
            method=method,
            type=encoder.config.model_type,
        )


def rank_budget(model: Any, recipe: Recipe) -> list[RankBudget]:
    """What must run beside training for this method: AdaLoRA's budget, or nothing."""
    return [RankBudget(model.encoder)] if recipe.method == "adalora" else []


def merge_parameters(model: Any) -> None:
    """Fold LoRA and AdaLoRA layers into the encoder's own weights, so that a plain encoder remains."""
    if hasattr(model.encoder, "merge_and_unload"):
        model.encoder = model.encoder.merge_and_unload()


def _with_peft(encoder: nn.Module, method: str, rank: int, total_steps: int) -> nn.Module:
    from peft import AdaLoraConfig, LoraConfig, get_peft_model

    targets = "all-linear"  # of a BERT queries, keys, values and the three others of a block
    if method == "lora":
        config: Any = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=targets)
    else:
        # Without peft's term for orthogonal factors, which it adds to losses that models themselves compute.
        config = AdaLoraConfig(
            init_r=rank + rank // 2,
            target_r=rank,
            lora_alpha=2 * rank,
            target_modules=targets,
            tinit=total_steps // 10,
            tfinal=total_steps // 2,
            deltaT=10,
            total_step=total_steps,
        )
    adapted: nn.Module = get_peft_model(encoder, config)
    return adapted
