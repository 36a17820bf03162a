"""New labels for a classifier that goes on answering what it knew as it did."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import set_seed

from modelcore.tasks.classification import Classifier, load_model
from modelcore.training.inference import outputs
from modelcore.training.methods import Texts
from modelcore.training.session import Session, Trained

# Both for states of length 1 on average, so that they mean the same for every encoder.
KNOWN_STRENGTH = 1.0
NEW_STRENGTH = 0.01
ITERATIONS = 300


def extend(
    texts: Texts, labels: tuple[str, ...], known: tuple[str, ...], temperature: float, session: Session
) -> Classifier:
    """Give the session's artifact the labels it lacks and leave its encoder and what it knows as they are.

    The rows of known labels stay, so that no decision between two of them can change; only the rows of new
    labels are learned, from all texts, and all that a known label can lose is what a new one takes from it.
    New labels have few texts and known ones many: each new score carries the logarithm of its share while
    learning and loses it afterwards, as if all labels were equally common. Without a new label the known
    rows move, held near where they were.

    It is convex, and seedless but for word pieces that the encoder gets; a minute's work for thousands of
    texts is the encoder's one pass over them.

    Args:
        texts: of all labels, those that the artifact was fitted on included.
        labels: L names in order of the targets; what the artifact knows and isn't here is dropped.
        known: the artifact's own names in the order of its head.
        temperature: the artifact's, at which its scores are likelihoods.
        session: whose backbone is the artifact.
    Source: Menon et al., Long-tail Learning via Logit Adjustment, 2021, equation 10, on a frozen head; its
        rows are held as the weights of Kirkpatrick et al., Overcoming catastrophic forgetting, 2017.
    """
    started_at = time.monotonic()
    start = load_model(session.backbone.path)
    set_seed(session.recipe.seed)
    session.grow(start.encoder)  # what it can read it reads as before
    session.watcher.say("train", "{texts} texts are embedded for the head.", texts=len(texts.tokens))
    states = torch.from_numpy(np.stack(outputs(start, texts.tokens, forward=start.pooled)))
    scale = float(states.norm(dim=1).mean())
    inputs = torch.cat([states / scale, torch.ones(len(states), 1)], dim=1).double()
    rows = _rows(start, labels, known, scale=scale)
    is_new = torch.tensor([label not in known for label in labels])
    targets = torch.tensor(texts.targets)
    if is_new.any():
        rows[is_new] = _learn_new(inputs, targets, rows, is_new, temperature)
    else:
        rows = _move(inputs, targets, rows)
    model = Classifier(start.encoder, len(labels))
    model.requires_grad_(False)
    model.head.weight.copy_(rows[:, :-1] / scale)
    model.head.bias.copy_(rows[:, -1])
    model.eval()
    size = int(is_new.sum() or len(labels)) * rows.shape[1]
    visits = len(texts.tokens)
    session.runs.append(Trained("main", visits, visits, time.monotonic() - started_at, [], size))
    return model


def _rows(start: Classifier, labels: tuple[str, ...], known: tuple[str, ...], *, scale: float) -> Tensor:
    """(L, D + 1) weights and bias for states divided by `scale`; a new label's are the mean bias alone."""
    rows = torch.zeros(len(labels), start.head.in_features + 1)
    rows[:, -1] = start.head.bias.mean()
    places = {label: place for place, label in enumerate(known)}
    for row, label in enumerate(labels):
        if label in places:
            rows[row, :-1] = start.head.weight[places[label]] * scale
            rows[row, -1] = start.head.bias[places[label]]
    return rows.detach().double()


def _learn_new(inputs: Tensor, targets: Tensor, rows: Tensor, is_new: Tensor, temperature: float) -> Tensor:
    """(N, D + 1) rows of the new labels that minimise the texts' adjusted cross-entropy beside the others."""
    counts = torch.bincount(targets, minlength=len(rows)).double()
    prior = (counts[is_new] / counts[~is_new].mean()).log()
    # Known labels don't move, so one number says what they all weigh.
    held = (inputs @ rows[~is_new].T / temperature).logsumexp(dim=1, keepdim=True)
    numbers = torch.where(is_new, is_new.cumsum(0), 0)[targets]

    def loss(new: Tensor) -> Tensor:
        scores = inputs @ new.T / temperature + prior
        return cross_entropy(torch.cat([held, scores], dim=1), numbers, reduction="sum")

    return _minimise(loss, rows[is_new], NEW_STRENGTH)


def _move(inputs: Tensor, targets: Tensor, rows: Tensor) -> Tensor:
    """(L, D + 1) rows that minimise the texts' cross-entropy near the given ones."""
    return _minimise(
        lambda found: cross_entropy(inputs @ found.T, targets, reduction="sum"), rows, KNOWN_STRENGTH
    )


def _minimise(loss: Callable[[Tensor], Tensor], near: Tensor, strength: float) -> Tensor:
    """Where the loss and half the squared distance to `near`, times `strength`, are least."""
    found = near.clone().requires_grad_()
    optimiser = torch.optim.LBFGS([found], max_iter=ITERATIONS, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        value = loss(found) + strength * ((found - near) ** 2).sum() / 2
        value.backward()  # type: ignore[no-untyped-call]  # torch has no type for it
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]  # torch has no type for it
    return found.detach()
