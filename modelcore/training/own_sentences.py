"""A tagger that has learnt from our own sentences before it sees the caller's."""

from __future__ import annotations

import dataclasses

import torch

from modelcore.privacy import LABELS, personal_sentences
from modelcore.tasks.bio import bio_tags
from modelcore.tasks.tagging import Tagger
from modelcore.training.batching import Examples
from modelcore.training.choice import plan_fit
from modelcore.training.losses import label_loss
from modelcore.training.marked import read_marked
from modelcore.training.parameters import prepare_parameters
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
    own = dataclasses.replace(session, recipe=plan.recipe)
    examples = Examples(sentences.tokens.ids, sentences.targets)
    prepare_parameters(model, plan.recipe, total_steps=own.steps(len(examples)))
    own.train("own", model, examples, label_loss())
    return model
