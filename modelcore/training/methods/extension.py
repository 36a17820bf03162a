"""New labels, and corrections of known ones, for a classifier that goes on knowing what it knew."""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from modelcore.tasks.classification import Classifier, load_model
from modelcore.training.inference import outputs
from modelcore.training.methods import Texts
from modelcore.training.session import Session, Trained

# For states of length 1 on average, so that they mean the same for every encoder.
KNOWN_STRENGTH = 1.0
NEW_STRENGTH = 0.1
ITERATIONS = 300


def extend(texts: Texts, labels: tuple[str, ...], known: tuple[str, ...], session: Session) -> Classifier:
    """Give the session's artifact the labels it lacks and leave its encoder as it is.

    The head is the regression on the encoder's mean states that is pulled to the head as it was: strongly for
    labels that the artifact knows, which so move only where texts contradict them, weakly for new ones. It is
    convex and seedless; a minute's work for thousands of texts is the encoder's one pass over them.

    Args:
        texts: of all labels, those that the artifact was fitted on included, else it forgets.
        labels: L names in order of the targets; what the artifact knows and isn't here is dropped.
        known: the artifact's own names in the order of its head.
        session: whose backbone is the artifact.
    Source: Li and Hoiem, Learning without Forgetting, 2016, with the anchor of Kirkpatrick et al., Overcoming
        catastrophic forgetting, 2017, in the place of distillation, since the texts are at hand.
    """
    started_at = time.monotonic()
    start = load_model(session.backbone.path)
    session.watcher.say("train", "{texts} texts are embedded for the head.", texts=len(texts.tokens))
    states = torch.from_numpy(np.stack(outputs(start, texts.tokens, forward=start.pooled)))
    scale = float(states.norm(dim=1).mean())
    anchor, strength = _anchor(start, labels, known, scale=scale)
    fitted = _regress(states / scale, torch.tensor(texts.targets), anchor, strength)
    model = Classifier(start.encoder, session.width, len(labels))
    model.requires_grad_(False)
    model.head.weight.copy_(fitted[:, :-1] / scale)
    model.head.bias.copy_(fitted[:, -1])
    model.eval()
    size = sum(value.numel() for value in model.head.parameters())
    session.runs.append(Trained("main", len(texts.tokens), time.monotonic() - started_at, [], size))
    return model


def _anchor(
    start: Classifier, labels: tuple[str, ...], known: tuple[str, ...], *, scale: float
) -> tuple[Tensor, Tensor]:
    """(L, D + 1) rows to stay near, weights and bias for states divided by `scale`, and (L, 1) how near."""
    width = start.head.in_features
    anchor = torch.zeros(len(labels), width + 1)
    anchor[:, -1] = start.head.bias.mean()
    strength = torch.full((len(labels), 1), NEW_STRENGTH)
    places = {label: place for place, label in enumerate(known)}
    for row, label in enumerate(labels):
        if label in places:
            anchor[row, :-1] = start.head.weight[places[label]] * scale
            anchor[row, -1] = start.head.bias[places[label]]
            strength[row] = KNOWN_STRENGTH
    return anchor.detach(), strength


def _regress(states: Tensor, targets: Tensor, anchor: Tensor, strength: Tensor) -> Tensor:
    """(L, D + 1) weights and bias that minimise the texts' cross-entropy and the distance to the anchor."""
    ones = torch.ones(len(states), 1)
    inputs = torch.cat([states, ones], dim=1).double()
    near, how_near = anchor.double(), strength.double()
    head = near.clone().requires_grad_()
    optimiser = torch.optim.LBFGS([head], max_iter=ITERATIONS, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = cross_entropy(inputs @ head.T, targets, reduction="sum")
        loss = loss + (how_near * (head - near) ** 2).sum() / 2
        loss.backward()  # type: ignore[no-untyped-call]  # torch has no type for it
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]  # torch has no type for it
    return head.detach().float()
