"""Fitting an embedder: texts that belong together end up side by side."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcore.data import LabelledTexts, Search, TextPairs
from modelcore.data.grouping import group_indices
from modelcore.errors import InputError
from modelcore.tasks.embedding import Embedder
from modelcore.training.comparing import Pairs, ranking_loss
from modelcore.training.inference import outputs
from modelcore.training.outcome import Outcome
from modelcore.training.parameters import merge_parameters, prepare_parameters, rank_budget
from modelcore.training.session import Session


def fit_embedding(
    train: TextPairs | LabelledTexts, evaluation: TextPairs | LabelledTexts, session: Session
) -> Outcome:
    """Train and evaluate an embedder on pairs, or on labelled texts as pairs of one label.

    Args:
        train: pairs, or labelled texts of which at least two share a label.
        evaluation: of either kind; only measured on, before the training and after it.
        session: what the fit's runs share: recipe, backbone, callbacks.

    Returns:
        The embedder, without labels and with temperature 1, and the figures on `evaluation`.

    Raises:
        InputError: no two training texts share a label.
        Cancelled: the caller wanted to stop.
    """
    pairs, numbers = make_pairs(train, seed=session.recipe.seed)
    ids = session.tokenise([text for pair in pairs for text in pair]).ids
    examples = Pairs(list(zip(ids[::2], ids[1::2], strict=True)), numbers)
    model = Embedder(session.new_encoder())
    before = _retrieval(model, evaluation, session)
    prepare_parameters(model, session, examples=len(examples))
    session.train("main", model, examples, ranking_loss(), beside=rank_budget(model, session.recipe))
    merge_parameters(model)
    session.watcher.say("evaluate", "{rows} rows are evaluated.", rows=len(evaluation.rows))
    metrics = {**_retrieval(model, evaluation, session), "before": before}
    return Outcome(model, (), 1.0, metrics)


def make_pairs(train: TextPairs | LabelledTexts, *, seed: int) -> tuple[list[tuple[str, str]], list[int]]:
    """(anchor, positive) texts, and for each a number that equals for pairs which must not be told apart.

    Args:
        train: pairs as they are (numbered alike where they share a text, be it through others), or labelled
            texts, each paired with another one of its label (numbered by the label).
        seed: decides which.
    Raises:
        InputError: no two texts share a label.
    """
    if isinstance(train, TextPairs):
        groups = {index: number for number, group in enumerate(group_indices(train)) for index in group}
        numbers = [groups[index] for index in range(len(train.rows))]
        return list(zip(train.anchors, train.positives, strict=True)), numbers
    members: dict[str, list[str]] = defaultdict(list)
    for text, label in zip(train.texts, train.labels, strict=True):
        members[label].append(text)
    random = np.random.default_rng(seed)
    pairs: list[tuple[str, str]] = []
    numbers = []
    for number, label in enumerate(sorted(members)):
        texts = [members[label][place] for place in random.permutation(len(members[label]))]
        if len(texts) > 1:
            pairs += list(zip(texts, [*texts[1:], texts[0]], strict=True))
            numbers += [number] * len(texts)
    if not pairs:
        raise InputError("No two training texts share a label: give pairs, or at least two texts a label.")
    return pairs, numbers


def _retrieval(model: Embedder, data: TextPairs | LabelledTexts, session: Session) -> dict[str, Any]:
    def embed(texts: tuple[str, ...]) -> NDArray[np.float32]:
        return np.stack(outputs(model, session.tokenise(texts).ids))

    search = Search.of(data)
    return search.metrics(*search.embed(embed)).to_json()
