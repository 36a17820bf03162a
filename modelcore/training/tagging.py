"""Fitting a tagger: spans to tags, tags to spans, F1 over entities."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from torch import nn

from modelcore.data import Span, SpanTexts, split
from modelcore.errors import InputError
from modelcore.evaluation import entity_metrics, fit_temperature
from modelcore.tasks.bio import bio_tags, decode_spans, encode_spans
from modelcore.tasks.tagging import Tagger
from modelcore.training.batching import IGNORED, Examples, Tokenised, tokenise
from modelcore.training.inference import outputs
from modelcore.training.losses import inverse_share_weights, label_loss
from modelcore.training.outcome import Outcome
from modelcore.training.parameters import merge_parameters, prepare_parameters, rank_budget
from modelcore.training.session import Session

HELD_OUT_FRACTION = 0.05


def fit_tagging(train: SpanTexts, evaluation: SpanTexts, session: Session) -> Outcome:
    """Train and evaluate a tagger; a twentieth of the training texts is kept for the temperature.

    Raises:
        InputError: no text has a span, or the evaluation has labels that the training lacks.
    """
    tags = bio_tags(check_span_labels(train, evaluation))
    places: dict[str | None, int] = {None: IGNORED, **{tag: place for place, tag in enumerate(tags)}}

    def read(data: SpanTexts) -> tuple[Tokenised, list[list[int]]]:
        tokens = tokenise(data.texts, session.backbone.path, max_tokens=session.recipe.max_tokens)
        pairs = zip(data.spans, tokens.offsets, strict=True)
        return tokens, [[places[tag] for tag in encode_spans(spans, offsets)] for spans, offsets in pairs]

    parts = split(train, evaluation_fraction=HELD_OUT_FRACTION, seed=session.recipe.seed)
    tokens, targets = read(parts.train)
    kept, kept_targets = read(parts.evaluation)

    def score(model: nn.Module) -> float:
        return entity_metrics(parts.evaluation, predict_spans(model, kept, parts.evaluation.texts, tags)).f1

    model = _train(session, Examples(tokens.ids, targets), len(tags), score)
    logits, known = np.concatenate(outputs(model, kept.ids)), np.concatenate(kept_targets)
    temperature = fit_temperature(logits[known != IGNORED], known[known != IGNORED])
    session.watcher.say("evaluate", f"{len(evaluation.texts)} texts are evaluated.")
    judged, _ = read(evaluation)
    found = entity_metrics(evaluation, predict_spans(model, judged, evaluation.texts, tags))
    metrics = {**found.to_json(), "entity_f1": found.f1}
    metrics["temperature_from"] = {"texts": len(kept), "model": "this one"}
    return Outcome(model, tags, temperature, metrics)


def predict_spans(
    model: nn.Module, tokens: Tokenised, texts: tuple[str, ...], tags: tuple[str, ...]
) -> list[tuple[Span, ...]]:
    """The spans that a tagger marks in each text.

    Args:
        model: a Tagger over `tags`.
        tokens: of the texts.
        texts: n texts.
        tags: in the order of the model's outputs.
    """
    found = []
    for logits, offsets, text in zip(outputs(model, tokens.ids), tokens.offsets, texts, strict=True):
        chosen = [tags[place] for place in logits.argmax(axis=1)]
        found.append(tuple(Span(*parts) for parts in decode_spans(chosen, offsets, text)))
    return found


def check_span_labels(train: SpanTexts, evaluation: SpanTexts) -> tuple[str, ...]:
    """The entity labels in order.

    Raises:
        InputError: see `fit_tagging`.
    """
    labels = tuple(sorted({span.label for spans in train.spans for span in spans}))
    if not labels:
        raise InputError("No training text has a marked span: mark some, or use the task classification.")
    for row, spans in zip(evaluation.rows, evaluation.spans, strict=True):
        for span in spans:
            if span.label not in labels:
                raise InputError(
                    f'Row {row} of the evaluation marks "{span.label}", which no training text does: '
                    "mark some there or take the row out."
                )
    return labels


def _train(session: Session, examples: Examples, tags: int, score: Callable[[nn.Module], float]) -> Tagger:
    recipe = session.recipe
    model = Tagger(session.new_encoder(), session.width, tags)
    prepare_parameters(model, recipe, total_steps=session.steps(len(examples)))
    known = [place for target in examples.targets for place in target if place != IGNORED]
    weights = inverse_share_weights(known, tags) if recipe.class_weights else None
    loss = label_loss(smoothing=recipe.label_smoothing or 0.0, weights=weights)
    session.train("main", model, examples, loss, score=score, beside=rank_budget(model, recipe))
    merge_parameters(model)
    return model
