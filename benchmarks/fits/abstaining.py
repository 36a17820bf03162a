"""One fit that is judged by when it stays silent: learned from a part of the texts, certified on the rest."""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.support.engine.certifying import certify
from apps.support.engine.decision import TARGETS
from apps.support.engine.nearest import Embed, Nearest
from apps.support.engine.scoring import Evidence, Scoring, pool
from modelcore import training
from modelcore.backbones import resolve
from modelcore.compression.backbone import MAX_TOKENS, untrained
from modelcore.data import LabelledTexts, Split, sample_per_label, split
from modelcore.errors import InputError
from modelcore.evaluation import expected_calibration_error
from modelcore.evaluation.selective import Certificate, separation
from modelcore.serving import Predictor
from modelcore.training import Progress
from modelcore.training.recipe import Recipe
from modelcore.vectors import Entry

LEAST_SHARE, MOST_SHARE = 0.25, 0.4
WANTED_ROWS = 300  # for certifying; with fewer .99 cannot be shown whatever the model


@dataclass(frozen=True)
class Asked:
    """Texts with how sure of them one is, in all and by the classifier alone, and whether the best intent is
    right; never so out of scope."""

    confidence: NDArray[np.float64]
    of_classifier: NDArray[np.float64]
    correct: NDArray[np.bool_]


@dataclass(frozen=True)
class Trial:
    """Questions that the model has not seen: to certify on, to test, and some out of scope."""

    calibration: Asked
    test: Asked
    outside: Asked | None
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True)
class Learned:
    """A fit with the index of what it learned from."""

    predictor: Predictor
    nearest: Nearest

    def evidence(self, texts: Sequence[str]) -> Evidence:
        return Evidence(
            self.predictor.labels,
            self.predictor.probabilities(texts),
            self.nearest.find(texts),
            self.nearest.novelty(texts),
        )

    def ask(self, texts: Sequence[str], gold: Sequence[str], scoring: Scoring) -> Asked:
        return _asked(self.evidence(texts), gold, scoring)


def part(train: LabelledTexts, seed: int) -> Split[LabelledTexts]:
    """Texts to learn from and texts to certify on: a quarter, or more where that would be too few.

    Labels of one or two texts are among both, for among what will be asked there are some that nobody taught;
    but for where only one label would be left to learn. A certificate counts independent answers, so what
    stands in several rows certifies once.

    Raises:
        InputError: none can be kept to certify on.
    """
    share = min(MOST_SHARE, max(LEAST_SHARE, WANTED_ROWS / len(_once(train).texts)))
    try:
        parts = split(train, evaluation_fraction=share, seed=seed, rare_by_chance=True)
        if len(set(parts.train.labels)) < 2:
            parts = split(train, evaluation_fraction=share, seed=seed)
    except InputError as error:
        raise InputError(
            "The training rows ({rows:,}) hold too few different texts a label to keep some of them to "
            "certify on: add texts.",
            rows=len(train.rows),
        ) from error
    return Split(parts.train, _once(parts.evaluation))


def _once(rows: LabelledTexts) -> LabelledTexts:
    """Each different text of a label."""
    return sample_per_label(rows, per_label=len(rows.texts), seed=0)


def learn(parts: Split[LabelledTexts], recipe: Recipe, *, work: Path | None = None) -> Learned:
    """Fit on the one part; the other only serves for the figures in the artifact.

    Args:
        parts: what to learn from, and what is held out.
        recipe: of the fit.
        work: keeps the checkpoints of the fit, so that the same fit is not made twice.
    """
    with tempfile.TemporaryDirectory(prefix="berth-abstention-") as folder:
        out = Path(folder) / "model"
        training.fit(parts.train, _known(parts), recipe, out=out, work=work, on_progress=_show)
        predictor = Predictor.open(out, runtime="torch")
    return Learned(predictor, Nearest.build(untrained_embed(parts.train.texts), questions(parts.train)))


def questions(train: LabelledTexts) -> list[Entry]:
    """What is looked up: each text of an intent once, as the product holds it.

    Beside a copy of itself nothing would count as near to a question, and each new one as far from all.
    """
    rows = zip(train.texts, train.labels, train.rows, strict=True)
    different = {(text, label): str(row) for text, label, row in rows}
    return [Entry(row, text, label) for (text, label), row in different.items()]


def _known(parts: Split[LabelledTexts]) -> LabelledTexts:
    """What is held out of the labels that the model learns: the others are asked, but not evaluated on.

    Where there is none, as with one text a label, what it learns from: a fit wants some, nobody reads that
    figure.
    """
    labels = frozenset(parts.train.labels)
    known = [place for place, label in enumerate(parts.evaluation.labels) if label in labels]
    return parts.evaluation.take(known) if known else parts.train


def run_trial(
    train: LabelledTexts, test: LabelledTexts, outside: Sequence[str], *, seed: int, work: Path | None = None
) -> Trial:
    """Fit on a part of `train`, certify on the rest, ask the test and the out-of-scope texts once.

    Args:
        train: at least two labels.
        test: labels that `train` lacks cannot be answered right.
        outside: texts out of scope, or none.
        seed: of the parts and of the fit.
        work: see `learn`.
    """
    parts = part(train, seed)
    learned = learn(parts, Recipe(seed=seed), work=work)
    evidence = learned.evidence(parts.evaluation.texts)
    certified = certify(evidence, parts.evaluation.labels, learned.nearest.neighbourhood())
    return Trial(
        _asked(evidence, parts.evaluation.labels, certified.scoring),
        learned.ask(test.texts, test.labels, certified.scoring),
        learned.ask(outside, [""] * len(outside), certified.scoring) if outside else None,
        certified.certificates,
    )


def _asked(evidence: Evidence, gold: Sequence[str], scoring: Scoring) -> Asked:
    pooled = pool(evidence, scoring.neighbourhood)
    return Asked(
        scoring.curve(pooled.scores),
        evidence.probabilities.max(axis=1),
        np.array(pooled.best) == np.array(gold),
    )


def figures(trial: Trial) -> dict[str, Any]:
    """What a trial shows, as plain JSON: shares in [0, 1], null where there is nothing to divide by."""
    sure = trial.test.confidence
    outside = trial.outside.confidence if trial.outside else np.empty(0)
    by_target = {
        f"{certificate.target:g}": _at(certificate, sure, trial.test.correct, outside)
        for certificate in trial.certificates
    }

    def each(name: str) -> dict[str, Any]:
        return {target: found[name] for target, found in by_target.items()}

    answered_outside = each("outside_answered") if len(outside) else None
    return {
        "accuracy": float(trial.test.correct.mean()),
        "ece": expected_calibration_error(sure, trial.test.correct),
        "ece_of_classifier": expected_calibration_error(trial.test.of_classifier, trial.test.correct),
        "coverage": each("coverage"),
        "precision": each("precision"),
        "precision_in_scope": each("precision_in_scope"),
        "out_of_scope_auroc": separation(sure, outside) if len(outside) else None,
        # Of the most lenient certificate; the others answer less.
        "out_of_scope_answered": answered_outside[f"{min(TARGETS):g}"] if answered_outside else None,
        "out_of_scope_answered_by_target": answered_outside,
        "certificates": [certificate.to_json() for certificate in trial.certificates],
        "reasons": {f"{one.target:g}": str(one.reason) for one in trial.certificates if one.reason},
    }


def _at(
    certificate: Certificate,
    sure: NDArray[np.float64],
    right: NDArray[np.bool_],
    outside: NDArray[np.float64],
) -> dict[str, float | None]:
    threshold = np.inf if certificate.threshold is None else certificate.threshold
    answered, wrongly = sure >= threshold, outside >= threshold
    total = int(answered.sum() + wrongly.sum())
    return {
        "coverage": float(answered.mean()),
        "precision": float(right[answered].sum() / total) if total else None,
        "precision_in_scope": float(right[answered].mean()) if answered.any() else None,
        "outside_answered": float(wrongly.mean()) if len(outside) else None,
    }


def untrained_embed(known: Sequence[str]) -> Embed:
    """Unit vectors of the bundled backbone as it came, but for word pieces that it lacks for `known`."""
    from modelcore.training.batching import tokenise
    from modelcore.training.inference import outputs

    model, tokenizer, _ = untrained(resolve("minilm"), known)

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack(outputs(model, tokenise(texts, tokenizer, max_tokens=MAX_TOKENS).ids))

    return embed


def _show(progress: Progress) -> None:
    print(progress.phase, f"{progress.step}/{progress.total_steps}", progress.message, file=sys.stderr)
