"""How a tagger learns: from our own sentences first, then from the caller's texts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import torch
from torch import nn

from modelcore.privacy import LABELS, personal_sentences
from modelcore.tasks.bio import bio_tags
from modelcore.tasks.tagging import Tagger
from modelcore.training.batching import IGNORED, Examples
from modelcore.training.choice import plan_fit
from modelcore.training.losses import inverse_share_weights, label_loss
from modelcore.training.marked import Marked, read_marked
from modelcore.training.parameters import merge_parameters, prepare_parameters, rank_budget
from modelcore.training.recipe import Recipe
from modelcore.training.session import Session


def start_tagger(tags: tuple[str, ...], session: Session) -> Tagger:
    """A tagger for `tags` to train, as the recipe's `own_sentences` wants it to start.

    Marked texts are few and made from fewer patterns; what a name or an address looks like, a tagger learns
    from our sentences, and what the caller calls one, from the caller's.

    Args:
        tags: as `bio_tags` gives them; our sentences are left out where they teach none of the labels.
        session: what the fit's runs share; the sentences are a run of their own.

    Source: Phang, Févry and Bowman, Sentence Encoders on STILTs, 2018.
    """
    own_tags = bio_tags(LABELS)
    shared = [tag for tag in tags if tag != "O" and tag in own_tags]
    if not session.recipe.own_sentences or not shared:
        return Tagger(session.new_encoder(), session.width, len(tags))
    taught = _taught(own_tags, session.recipe.own_sentences, session)
    model = Tagger(taught.encoder, session.width, len(tags))
    with torch.no_grad():
        for tag in ("O", *shared):
            model.head.weight[tags.index(tag)] = taught.head.weight[own_tags.index(tag)]
            model.head.bias[tags.index(tag)] = taught.head.bias[own_tags.index(tag)]
    return model


def _taught(own_tags: tuple[str, ...], count: int, session: Session) -> Tagger:
    recipe = session.recipe
    plan = plan_fit(
        Recipe(
            task="tagging",
            method="full",
            seed=recipe.seed,
            precision=recipe.precision,
            dropout=recipe.dropout,
        ),
        rows=count,
        labels=0,
    )
    sentences = read_marked(personal_sentences(count=count, seed=recipe.seed), own_tags, session)
    model = Tagger(session.new_encoder(), session.width, len(own_tags))
    train_tagger("own", model, sentences, dataclasses.replace(session, recipe=plan.recipe))
    return model


def train_tagger(
    name: str,
    model: Tagger,
    texts: Marked,
    session: Session,
    score: Callable[[nn.Module], float] | None = None,
) -> None:
    """Train a tagger as the session's recipe says; see `Session.train`."""
    recipe = session.recipe
    examples = Examples(texts.tokens.ids, texts.targets)
    prepare_parameters(model, recipe, total_steps=session.steps(len(examples)))
    known = [place for target in texts.targets for place in target if place != IGNORED]
    weights = inverse_share_weights(known, model.head.out_features) if recipe.class_weights else None
    loss = label_loss(smoothing=recipe.label_smoothing or 0.0, weights=weights)
    session.train(name, model, examples, loss, score=score, beside=rank_budget(model, recipe))
    merge_parameters(model)
