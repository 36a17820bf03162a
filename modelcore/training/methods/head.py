"""A linear head over a frozen encoder whose embeddings are computed once."""

from __future__ import annotations

import time

import numpy as np
import torch
from numpy.typing import NDArray

from modelcore.tasks.classification import Classifier
from modelcore.training.inference import outputs
from modelcore.training.methods import Texts
from modelcore.training.session import Session, Trained

INVERSE_STRENGTH = 10.0
IMPRINTED_RANGE = 5.0


def learn(name: str, texts: Texts, labels: int, session: Session, held_out: Texts | None) -> Classifier:
    """Fit only the head, by logistic regression; deterministic, so there is nothing to resume.

    Args:
        name: of the run, as the outcome lists it.
        texts: n tokenised texts with targets in [0, labels).
        labels: how many, at least 2.
        session: what the fit's runs share: recipe, backbone, callbacks.
        held_out: not looked at; nothing is stopped early.

    Returns:
        The classifier, whose parameters are frozen.

    Raises:
        Cancelled: the caller wanted to stop.
    """
    model = Classifier(session.new_encoder(), labels)
    model.requires_grad_(False)
    started_at = time.monotonic()
    session.watcher.say("train", "{texts} texts are embedded for the head.", texts=len(texts.tokens))
    fit_head(model, texts, class_weights=session.recipe.class_weights)
    head_size = sum(value.numel() for value in model.head.parameters())
    visits = len(texts.tokens)
    session.runs.append(Trained(name, visits, visits, time.monotonic() - started_at, [], head_size))
    return model


def fit_head(model: Classifier, texts: Texts, *, class_weights: bool) -> None:
    """Set the head to the logistic regression on the encoder's mean states.

    The states are divided by their mean length, so that the regression's strength means the same for every
    encoder; the head takes the division in.

    Args:
        model: its head is written in place; C labels.
        texts: n tokenised texts with targets in [0, C); a label without a text gets a bias of -1e4.
        class_weights: weigh each text by the inverse share of its label.
    """
    states = np.stack(outputs(model, texts.tokens, forward=model.pooled))
    scale = float(np.linalg.norm(states, axis=1).mean())
    weight, bias = _regress(states / scale, np.asarray(texts.targets), model.head.out_features, class_weights)
    with torch.no_grad():
        model.head.weight.copy_(torch.from_numpy(weight / scale))
        model.head.bias.copy_(torch.from_numpy(bias))


def imprint_head(model: Classifier, texts: Texts) -> None:
    """Start the head at what tells the labels' mean states apart, so that training begins near its goal.

    Each row is the direction from the mean state of all labels to that of its own, long enough for logits of
    up to about IMPRINTED_RANGE.

    Args:
        model: its head is written in place; C labels.
        texts: n tokenised texts with targets in [0, C).

    Source: Qi, Brown and Lowe, Low-Shot Learning with Imprinted Weights, 2018, here on centred means.
    """
    states = np.stack(outputs(model, texts.tokens, forward=model.pooled, bf16=True))
    lengths = np.linalg.norm(states, axis=1, keepdims=True)
    targets = np.asarray(texts.targets)
    means = np.zeros((model.head.out_features, states.shape[1]), dtype=np.float32)
    np.add.at(means, targets, states / lengths)
    means /= np.bincount(targets, minlength=len(means)).clip(min=1)[:, None]
    directions = means - means.mean(axis=0)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True).clip(min=1e-9)
    with torch.no_grad():
        model.head.weight.copy_(torch.from_numpy(directions * (IMPRINTED_RANGE / lengths.mean())))
        model.head.bias.zero_()


def _regress(
    states: NDArray[np.float32], targets: NDArray[np.int64], labels: int, class_weights: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(
        C=INVERSE_STRENGTH, max_iter=1000, class_weight="balanced" if class_weights else None
    )
    regression.fit(states, targets)
    weight = np.zeros((labels, states.shape[1]), dtype=np.float32)
    bias = np.full(labels, -1e4, dtype=np.float32)
    if len(regression.classes_) == 2:
        # One row stands for the difference of two: half of it each way gives the same probabilities.
        rows = np.concatenate([-regression.coef_, regression.coef_]) / 2
        offsets = np.concatenate([-regression.intercept_, regression.intercept_]) / 2
    else:
        rows, offsets = regression.coef_, regression.intercept_
    weight[regression.classes_] = rows
    bias[regression.classes_] = offsets
    return weight, bias
