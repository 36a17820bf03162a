"""Fitting a classifier: what learns, what is held out for the temperature, what is reported."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from modelcore.artifacts import open_artifact
from modelcore.data import LabelledTexts, Split, spelling, split, tell_unknown, told_apart
from modelcore.data.label_names import with_label_names
from modelcore.errors import InputError
from modelcore.evaluation import classification_metrics, expected_calibration_error, fit_temperature, softmax
from modelcore.tasks.classification import Classifier
from modelcore.training.inference import outputs
from modelcore.training.methods import Texts, learner
from modelcore.training.methods.extension import extend
from modelcore.training.outcome import Outcome
from modelcore.training.progress import Progress
from modelcore.training.recipe import EXTEND
from modelcore.training.session import Session

TWIN_BELOW_ROWS = 1000
TWIN_FRACTION = 0.2
# Of more texts a tenth tells the temperature, one number, and so many are enough for it.
HELD_OUT_FRACTION = 0.1
HELD_OUT_ROWS = 300
# Methods for few texts, among which one more a label counts.
NAMED_METHODS = ("head", "contrastive")


def fit_classification(train: LabelledTexts, evaluation: LabelledTexts, session: Session) -> Outcome:
    """Train, calibrate and evaluate a classifier as the session's recipe says.

    The temperature comes from training texts that the judged model, or a twin of it, has not seen; never from
    the evaluation texts. With one text a label there are none, and it stays 1. With a patience such a twin
    also tells after how many epochs the model is best.

    Args:
        train: texts of at least two labels.
        evaluation: texts of these labels, some of them at least; only measured on. A label that the training
            lacks counts as answered wrong.
        session: what the fit's runs share: recipe, backbone, callbacks.

    Returns:
        The classifier, its labels in order, its temperature (> 0) and the figures on `evaluation`.

    Raises:
        InputError: fewer than two labels, or the evaluation spells one otherwise or has none of them.
        Cancelled: the caller wanted to stop.
    """
    labels = check_labels(train, evaluation)
    if unknown := tell_unknown(evaluation.labels, labels):
        session.watcher.tell(Progress("prepare", 0, 0, None, None, None, unknown))
    if session.recipe.method == EXTEND:
        return _extended(train, evaluation, labels, session)

    def read(data: LabelledTexts) -> Texts:
        return _read(data, labels, session)

    def read_to_learn(data: LabelledTexts) -> Texts:
        return read(with_label_names(data) if session.recipe.method in NAMED_METHODS else data)

    learn = learner(session.recipe.method)
    # Few texts: none can be spared, so a twin that saw most of them is calibrated on the rest.
    is_twin = len(train.texts) < TWIN_BELOW_ROWS
    held = _hold_out(train, is_twin, session.recipe.seed)
    if held is None:
        session.watcher.say(
            "prepare", "No training text can be spared for the temperature: confidences stay as they come."
        )
        model = learn("main", read_to_learn(train), len(labels), session, None)
        metrics = _metrics(model, evaluation, labels, 1.0, session)
        return Outcome(model, labels, 1.0, metrics | {"temperature_from": {"texts": 0, "model": "none"}})
    learning, kept = read_to_learn(held.train), read(held.evaluation)
    session.watcher.say(
        "prepare",
        "{texts} training texts are kept for the temperature.",
        texts=len(kept.tokens),
    )
    everything = read_to_learn(train) if is_twin else learning
    later = session.steps(len(everything.tokens)) if is_twin else 0
    first = dataclasses.replace(session, later_steps=later)
    model = learn("twin" if is_twin else "main", learning, len(labels), first, kept)
    temperature = fit_temperature(np.stack(outputs(model, kept.tokens)), np.asarray(kept.targets))
    if is_twin:
        model = learn("main", everything, len(labels), _as_long_as_the_twin(session), None)
    metrics = _metrics(model, evaluation, labels, temperature, session)
    metrics["temperature_from"] = {"texts": len(kept.tokens), "model": "twin" if is_twin else "this one"}
    return Outcome(model, labels, temperature, metrics)


def _as_long_as_the_twin(session: Session) -> Session:
    """With a patience the twin tells when to stop, as no text is left that could tell the model itself."""
    scores = [entry["held_out_score"] for entry in session.runs[-1].curve if "held_out_score" in entry]
    if not scores:
        return session
    epochs = scores.index(max(scores)) + 1
    session.watcher.say(
        "rehearse",
        "The twin was best after {epochs} epochs: all texts are learned for as many.",
        epochs=epochs,
    )
    return dataclasses.replace(session, last_epoch=epochs)


def _extended(
    train: LabelledTexts, evaluation: LabelledTexts, labels: tuple[str, ...], session: Session
) -> Outcome:
    """What the artifact knew keeps its temperature: its scores are all but the same numbers."""
    start = open_artifact(session.backbone.path).manifest
    model = extend(_read(train, labels, session), labels, start.labels, start.temperature, session)
    metrics = _metrics(model, evaluation, labels, start.temperature, session)
    metrics["temperature_from"] = {"model": session.recipe.start}
    return Outcome(model, labels, start.temperature, metrics)


def _metrics(
    model: Classifier,
    evaluation: LabelledTexts,
    labels: tuple[str, ...],
    temperature: float,
    session: Session,
) -> dict[str, Any]:
    session.watcher.say("evaluate", "{texts} texts are evaluated.", texts=len(evaluation.texts))
    logits = np.stack(outputs(model, session.tokenise(evaluation.texts).ids))
    sure = softmax(logits)
    correct = np.array(labels)[sure.argmax(axis=1)] == np.array(evaluation.labels)
    metrics = classification_metrics(evaluation.labels, softmax(logits, temperature=temperature), labels)
    return metrics.to_json() | {"ece_before": expected_calibration_error(sure.max(axis=1), correct)}


def check_labels(train: LabelledTexts, evaluation: LabelledTexts) -> tuple[str, ...]:
    """The labels in order.

    Raises:
        InputError: see `fit_classification`.
    """
    labels = tuple(sorted(set(train.labels)))
    if len(labels) < 2:
        raise InputError(
            'All texts have the label "{label}": give texts of at least two labels.', label=labels[0]
        )
    known = set(labels)
    spelled = {_bare(label): label for label in labels}
    for row, label in zip(evaluation.rows, evaluation.labels, strict=True):
        if label not in known and _bare(label) in spelled:
            found, wanted = told_apart([label, spelled[_bare(label)]])
            raise InputError(
                "Row {row} of the evaluation has the label {label}, where training texts have {alike}: write "
                "them alike.",
                row=row,
                label=found,
                alike=wanted,
            )
    return labels


def _bare(label: str) -> str:
    """However it is spelled, and without what one file adds to numbers where their column has gaps."""
    return spelling(label).removesuffix(".0")


def _hold_out(train: LabelledTexts, is_twin: bool, seed: int) -> Split[LabelledTexts] | None:
    """None where each label needs all of its texts to be learned."""
    fraction = TWIN_FRACTION if is_twin else min(HELD_OUT_FRACTION, HELD_OUT_ROWS / len(train.texts))
    try:
        return split(train, evaluation_fraction=fraction, seed=seed)
    except InputError:
        return None


def _read(data: LabelledTexts, labels: tuple[str, ...], session: Session) -> Texts:
    places = {label: number for number, label in enumerate(labels)}
    return Texts(session.tokenise(data.texts).ids, [places[label] for label in data.labels])
