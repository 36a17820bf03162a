"""Cross-entropy through the encoder: all blocks, or the small parts that PEFT methods add."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from torch import nn

from modelcore.tasks.classification import Classifier
from modelcore.training.batching import Examples
from modelcore.training.inference import outputs
from modelcore.training.losses import inverse_share_weights
from modelcore.training.methods import Texts
from modelcore.training.methods.head import imprint_head
from modelcore.training.parameters import merge_parameters, prepare_parameters, rank_budget
from modelcore.training.self_distillation import OwnPredictions
from modelcore.training.session import Session


def learn(name: str, texts: Texts, labels: int, session: Session, held_out: Texts | None) -> Classifier:
    """Train a classifier by gradient through its encoder.

    Args:
        name: of the run, which its checkpoints are kept under.
        texts: n tokenised texts with targets in [0, labels).
        labels: how many, at least 2.
        session: what the fit's runs share: recipe, backbone, callbacks.
        held_out: decides when to stop if the recipe has a patience.

    Returns:
        The classifier, PEFT parts merged in.

    Raises:
        Cancelled: the caller wanted to stop.
    """
    recipe = session.recipe
    model = Classifier(session.new_encoder(), labels)
    imprint_head(model, texts)
    prepare_parameters(model, session, examples=len(texts.tokens))
    weights = inverse_share_weights(texts.targets, labels) if recipe.class_weights else None
    loss = OwnPredictions(
        texts.targets,
        labels,
        strength=recipe.self_distillation or 0.0,
        smoothing=recipe.label_smoothing or 0.0,
        weights=weights,
    )
    examples = Examples(texts.tokens, range(len(texts.tokens)))
    score = _accuracy_on(held_out) if held_out else None
    session.train(name, model, examples, loss, score=score, beside=[loss, *rank_budget(model, recipe)])
    merge_parameters(model)
    return model


def _accuracy_on(held_out: Texts) -> Callable[[nn.Module], float]:
    def score(model: nn.Module) -> float:
        found = np.stack(outputs(model, held_out.tokens, bf16=True)).argmax(axis=1)
        return float((found == np.asarray(held_out.targets)).mean())

    return score
