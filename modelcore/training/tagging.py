"""Fitting a tagger: spans to tags, tags to spans, F1 over entities."""

from __future__ import annotations

import numpy as np
from scipy.special import log_softmax
from torch import nn

from modelcore.data import Span, SpanTexts, Split, split
from modelcore.data.grouping import group_indices
from modelcore.errors import InputError
from modelcore.evaluation import entity_metrics, fit_temperature
from modelcore.tasks.bio import bio_tags
from modelcore.tasks.transitions import TRANSITIONS_FILE, Transitions
from modelcore.training.batching import IGNORED
from modelcore.training.inference import outputs
from modelcore.training.marked import Marked, read_marked
from modelcore.training.outcome import Outcome
from modelcore.training.session import Session
from modelcore.training.taggers import start_tagger, train_tagger

HELD_OUT_FRACTION = 0.05
# Of few groups, such as those of templates, one is kept: a split parts with none for less than half of it.
HELD_OUT_GROUPS = 0.75


def fit_tagging(train: SpanTexts, evaluation: SpanTexts, session: Session) -> Outcome:
    """Train and evaluate a tagger; a twentieth of the training texts, or a group of them, is kept for the
    temperature.

    Args:
        train: texts, some of them with spans.
        evaluation: texts with spans; only measured on. A label that the training lacks counts as missed.
        session: what the fit's runs share: recipe, backbone, callbacks.

    Returns:
        The tagger, its tags as `bio_tags` gives them, its temperature (> 0), the figures on `evaluation` and
        the file of transitions.

    Raises:
        InputError: no training text has a span, or there is no second one to keep.
        Cancelled: the caller wanted to stop.
    """
    labels = span_labels(train)
    for label, row in _unlearnt(evaluation, labels).items():
        session.watcher.say(
            "prepare",
            'Row {row} of the evaluation marks "{label}", which no training text does: it counts as missed.',
            row=row,
            label=label,
        )
    tags = bio_tags(labels)
    parts = _keep_some(train, session.recipe.seed)
    learning, kept = (read_marked(part, tags, session) for part in (parts.train, parts.evaluation))
    transitions = Transitions.count(learning.paths, tags=tags)

    def score(model: nn.Module) -> float:
        return entity_metrics(parts.evaluation, predict_spans(model, kept, tags, transitions)).f1

    model = start_tagger(tags, learning, session)
    train_tagger("main", model, learning, session, score)
    logits, known = np.concatenate(outputs(model, kept.tokens.ids)), np.concatenate(kept.targets)
    temperature = fit_temperature(logits[known != IGNORED], known[known != IGNORED])
    session.watcher.say("evaluate", "{texts} texts are evaluated.", texts=len(evaluation.texts))
    judged = read_marked(evaluation, tags, session)
    found = entity_metrics(evaluation, predict_spans(model, judged, tags, transitions, temperature))
    metrics = {**found.to_json(), "entity_f1": found.f1}
    metrics["temperature_from"] = {"texts": len(kept.texts), "model": "this one"}
    return Outcome(model, tags, temperature, metrics, {TRANSITIONS_FILE: transitions.to_json()})


def predict_spans(
    model: nn.Module,
    texts: Marked,
    tags: tuple[str, ...],
    transitions: Transitions,
    temperature: float = 1.0,
) -> list[tuple[Span, ...]]:
    """The spans that a tagger marks in each text.

    Args:
        model: a Tagger over `tags`.
        texts: n texts; their own tags are not looked at.
        tags: in the order of the model's outputs.
        transitions: of `tags`.
        temperature: what the logits are divided by, > 0.
    """
    found = []
    rows = zip(outputs(model, texts.tokens.ids), texts.tokens.offsets, texts.texts, strict=True)
    for logits, offsets, text in rows:
        spans = transitions.find_spans(log_softmax(logits / temperature, axis=1), offsets, text, tags)
        found.append(tuple(Span(*parts) for parts in spans))
    return found


def span_labels(train: SpanTexts) -> tuple[str, ...]:
    """The entity labels in order.

    Raises:
        InputError: see `fit_tagging`.
    """
    labels = tuple(sorted({span.label for spans in train.spans for span in spans}))
    if not labels:
        raise InputError("No training text has a marked span: mark some, or use the task classification.")
    return labels


def _keep_some(train: SpanTexts, seed: int) -> Split[SpanTexts]:
    fraction = max(HELD_OUT_FRACTION, HELD_OUT_GROUPS / len(group_indices(train)))
    try:
        return split(train, evaluation_fraction=fraction, seed=seed)
    except InputError as error:
        raise InputError(
            "A tagger learns from most of its texts and keeps a few to know how sure it may be; these have "
            "too few different ones for both (rows: {rows}): mark more texts.",
            rows=len(train.rows),
        ) from error


def _unlearnt(evaluation: SpanTexts, labels: tuple[str, ...]) -> dict[str, int]:
    """Labels of the evaluation that no training text has, and the first row that marks each."""
    rows: dict[str, int] = {}
    for row, spans in zip(evaluation.rows, evaluation.spans, strict=True):
        for span in spans:
            if span.label not in labels:
                rows.setdefault(span.label, row)
    return rows
