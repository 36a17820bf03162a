"""One text, every live model's answer: what the playground shows."""

import time
from dataclasses import dataclass
from typing import cast

from django.utils.translation import gettext as _

from apps.registry import families
from apps.serving import metrics
from apps.serving.errors import ServingError, malformed
from apps.serving.inference import answers_of, submit_all
from apps.serving.limits import Limits, checked_texts
from apps.serving.live import LiveModels
from apps.serving.live_model import LiveModel, Vector
from modelcore.serving import Prediction

TOP = 5
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Ranked:
    """A label, and what people call it."""

    label: str
    title: str
    percent: float


@dataclass(frozen=True)
class Shown:
    """One model's answer; `sentence` stands where it has no label to show."""

    family: str
    aliases: tuple[str, ...]
    version: str
    milliseconds: float | None = None
    ranked: tuple[Ranked, ...] = ()
    sentence: str = ""
    is_error: bool = False


def ask_all(models: LiveModels, text: str, limits: Limits) -> list[Shown]:
    """
    Raises:
        ServingError: the text itself can't be answered by any model.
    """
    if not text.strip():
        raise malformed(_("Write a text first."), param="text")
    (checked,) = checked_texts([text], limits, param="text")
    named: dict[tuple[str, int], list[str]] = {}
    for state in models.states():
        if state.live is not None:
            named.setdefault((state.family, state.live), []).append(state.alias)
    return [
        _ask(models, family, number, tuple(aliases), checked) for (family, number), aliases in named.items()
    ]


def _ask(models: LiveModels, family: str, number: int, aliases: tuple[str, ...], text: str) -> Shown:
    version, started_at, code = str(number), time.perf_counter(), "ok"
    try:
        with models.leased(family, version) as model:
            return _answer(model, aliases, text)
    except ServingError as error:
        code = error.status.code
        return Shown(family, aliases, version, sentence=error.sentence, is_error=True)
    finally:
        metrics.requests_total.labels("playground", family, version, code).inc()
        metrics.request_seconds.labels("playground", family).observe(time.perf_counter() - started_at)


def _answer(model: LiveModel, aliases: tuple[str, ...], text: str) -> Shown:
    family, version = model.family, model.version
    started_at = time.perf_counter()
    counts = model.predictor.token_counts([text])
    futures = submit_all(model, [text], counts)
    (answer,) = answers_of(model, futures, counts, seconds=PATIENCE_SECONDS)
    milliseconds = 1000 * (time.perf_counter() - started_at)
    if model.task == "embedding":
        sentence = _("An embedding of %(size)d numbers.") % {"size": len(cast(Vector, answer))}
        return Shown(family, aliases, version, milliseconds, sentence=sentence)
    prediction = cast(Prediction, answer)
    if model.task == "tagging":
        found = ", ".join(f"{text[span.start : span.end]} ({span.label})" for span in prediction.spans)
        return Shown(family, aliases, version, milliseconds, sentence=found or _("Nothing found."))
    return Shown(family, aliases, version, milliseconds, ranked=_ranked(model, prediction))


def _ranked(model: LiveModel, prediction: Prediction) -> tuple[Ranked, ...]:
    labels = model.predictor.labels
    pairs = sorted(zip(prediction.probabilities, labels, strict=True), reverse=True)[:TOP]
    titles = families.titles_of(model.family, [label for _, label in pairs])
    return tuple(Ranked(label, titles[label], 100 * probability) for probability, label in pairs)
