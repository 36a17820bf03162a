"""How a tagger learns: from our own sentences first, then from the caller's texts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from transformers import set_seed

from modelcore.privacy import LABELS, personal_sentences
from modelcore.tasks.bio import bio_tags, entity_labels
from modelcore.tasks.tagging import Tagger
from modelcore.training.batching import IGNORED, Examples
from modelcore.training.choice import plan_fit
from modelcore.training.inference import outputs
from modelcore.training.losses import inverse_share_weights, label_loss
from modelcore.training.marked import Marked, read_marked
from modelcore.training.parameters import merge_parameters, prepare_parameters, rank_budget
from modelcore.training.recipe import Recipe
from modelcore.training.session import Session

# Our sentences are a start where a tagger that learned from them finds this share of the marked words.
ENOUGH = 0.5


def start_tagger(tags: tuple[str, ...], texts: Marked, session: Session) -> Tagger:
    """A tagger for `tags` to train, as the recipe's `own_sentences` wants it to start.

    Marked texts are few and made from fewer patterns; what a name or an address looks like, a tagger learns
    from our sentences, and what the caller calls one, from the caller's. A tag starts as that of ours which
    its words get most often, whatever the two are called; the encoder starts anew where ours are about
    something else.

    Args:
        tags: as `bio_tags` gives them.
        texts: the caller's.
        session: what the fit's runs share; the sentences are a run of their own.

    Source: Phang, Févry and Bowman, Sentence Encoders on STILTs, 2018.
    """
    if not session.recipe.own_sentences:
        return Tagger(session.new_encoder(), len(tags))
    own_tags = bio_tags(LABELS)
    rehearsing = dataclasses.replace(session, later_steps=session.steps(len(texts.targets)))
    taught = _taught(own_tags, session.recipe.own_sentences, rehearsing)
    starts = starting_tags(taught, texts, tags, own_tags)
    if not starts:
        session.watcher.say("rehearse", "Our own sentences mark something else: the tagger starts anew.")
        return Tagger(session.new_encoder(), len(tags))
    set_seed(session.recipe.seed)  # a fit that resumes here has not drawn what the run before drew
    model = Tagger(taught.encoder, len(tags))
    with torch.no_grad():
        for tag, own in {"O": "O", **starts}.items():
            model.head.weight[tags.index(tag)] = taught.head.weight[own_tags.index(own)]
            model.head.bias[tags.index(tag)] = taught.head.bias[own_tags.index(own)]
    return model


def starting_tags(
    taught: nn.Module, texts: Marked, tags: tuple[str, ...], own_tags: tuple[str, ...]
) -> dict[str, str]:
    """What of `own_tags` each of `tags` should start as: that of the label which most of its words get.

    Args:
        taught: a Tagger over `own_tags`.
        texts: marked with `tags`.
        tags: as `bio_tags` gives them; so are `own_tags`.

    Returns:
        The beginnings and insides of labels whose words mostly get one of ours; none at all if less than
        ENOUGH of all marked words do.
    """
    given = np.concatenate(texts.targets)
    got = np.concatenate(outputs(taught, texts.tokens.ids)).argmax(axis=1)
    given, got = given[given != IGNORED], got[given != IGNORED]
    labels, own_labels = entity_labels(tags), entity_labels(own_tags)
    counts = np.zeros((1 + len(labels), 1 + len(own_labels)), dtype=int)
    # In both, "O" is followed by two tags a label.
    np.add.at(counts, ((given + 1) // 2, (got + 1) // 2), 1)
    marked = counts[1:]
    if marked[:, 1:].sum() < ENOUGH * marked.sum():
        return {}
    return {
        f"{prefix}-{label}": f"{prefix}-{own_labels[place - 1]}"
        for label, place in zip(labels, marked.argmax(axis=1).tolist(), strict=True)
        if place
        for prefix in "BI"
    }


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
    model = Tagger(session.new_encoder(), len(own_tags))
    train_tagger("own", model, sentences, dataclasses.replace(session, recipe=plan.recipe))
    return model


def train_tagger(
    name: str,
    model: Tagger,
    texts: Marked,
    session: Session,
    score: Callable[[nn.Module], float] | None = None,
) -> None:
    """Train a tagger in place as the session's recipe says; see `Session.train`.

    Args:
        name: of the run, which its checkpoints are kept under.
        model: over K tags.
        texts: n texts with targets in [0, K), or IGNORED, for each word piece.
        session: what the fit's runs share: recipe, backbone, callbacks.
        score: of the model after an epoch, in [0, 1]; decides when to stop if the recipe has a patience.

    Raises:
        Cancelled: the caller wanted to stop.
    """
    recipe = session.recipe
    examples = Examples(texts.tokens.ids, texts.targets)
    prepare_parameters(model, session, examples=len(examples))
    known = [place for target in texts.targets for place in target if place != IGNORED]
    weights = inverse_share_weights(known, model.head.out_features) if recipe.class_weights else None
    loss = label_loss(smoothing=recipe.label_smoothing or 0.0, weights=weights)
    session.train(name, model, examples, loss, score=score, beside=rank_budget(model, recipe))
    merge_parameters(model)
