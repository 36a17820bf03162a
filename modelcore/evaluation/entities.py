"""F1 over marked spans: a span counts only with its exact ends and label."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from modelcore.errors import InputError
from modelcore.evaluation.classification import LabelScores, label_scores
from modelcore.evaluation.comparison import RESAMPLES, share_interval

_CHUNK = 100  # resamples at a time, which bounds memory at 100 x texts


class SpanLike(Protocol):
    """A marked piece of a text: from `start` to before `end`, in characters."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def label(self) -> str: ...


@runtime_checkable
class SpanTextsLike(Protocol):
    @property
    def spans(self) -> Sequence[Sequence[SpanLike]]: ...


@dataclass(frozen=True)
class EntityMetrics:
    """Micro precision, recall and F1 over all spans, F1 per label, and its mean over the labels.

    `f1_interval` is the 95 % bootstrap percentile interval of the micro F1, over texts; where all are right,
    that of the share of texts that are.
    """

    count: int
    precision: float
    recall: float
    f1: float
    f1_interval: tuple[float, float]
    macro_f1: float
    per_label: dict[str, LabelScores]

    def to_json(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), allow_nan=False))
        return plain


def entity_metrics(
    gold: SpanTextsLike | Sequence[Sequence[SpanLike]],
    predicted: SpanTextsLike | Sequence[Sequence[SpanLike]],
    *,
    seed: int = 0,
) -> EntityMetrics:
    """Compare predicted spans with the true ones.

    Args:
        gold: n texts' spans, or a data set that has them as `.spans`.
        predicted: the same texts' predicted spans, in the same order.
        seed: of the bootstrap.

    Returns:
        The metrics; a score whose denominator is 0 is 0, and a span predicted twice counts once.

    Raises:
        InputError: nothing to evaluate, or another number of texts was predicted.

    Source: Tjong Kim Sang and De Meulder 2003 (CoNLL-2003): exact match of ends and label.
    """
    truth, guesses = _keys(gold), _keys(predicted)
    if not truth or len(truth) != len(guesses):
        raise InputError(
            "{predicted:,} texts were predicted and {marked:,} are marked: give the same.",
            predicted=len(guesses),
            marked=len(truth),
        )
    hit, support, guessed = Counter[str](), Counter[str](), Counter[str]()
    for marked, found in zip(truth, guesses, strict=True):
        hit.update(label for *_, label in marked & found)
        support.update(label for *_, label in marked)
        guessed.update(label for *_, label in found)
    per_label = {
        label: label_scores(hit[label], support[label], guessed[label])
        for label in sorted({*support, *guessed})
    }
    overall = label_scores(hit.total(), support.total(), guessed.total())
    return EntityMetrics(
        count=len(truth),
        precision=overall["precision"],
        recall=overall["recall"],
        f1=overall["f1"],
        f1_interval=_f1_interval(truth, guesses, seed),
        macro_f1=sum(scores["f1"] for scores in per_label.values()) / max(len(per_label), 1),
        per_label=per_label,
    )


_Key = tuple[int, int, str]


def _keys(marked: SpanTextsLike | Sequence[Sequence[SpanLike]]) -> list[set[_Key]]:
    spans = marked.spans if isinstance(marked, SpanTextsLike) else marked
    return [{(span.start, span.end, span.label) for span in of_text} for of_text in spans]


def _f1_interval(truth: list[set[_Key]], guesses: list[set[_Key]], seed: int) -> tuple[float, float]:
    # Per text: twice the hits, and the true plus the guessed spans; F1 is the quotient of their sums.
    parts = np.array(
        [
            (2 * len(marked & found), len(marked) + len(found))
            for marked, found in zip(truth, guesses, strict=True)
        ]
    )
    generator = np.random.default_rng(seed)
    texts = len(parts)
    if truth == guesses and any(truth):
        return share_interval(texts, texts)
    scores: list[NDArray[np.float64]] = []
    for _ in range(RESAMPLES // _CHUNK):
        sums = parts[generator.integers(0, texts, size=(_CHUNK, texts))].sum(axis=1)
        scores.append(sums[:, 0] / np.maximum(sums[:, 1], 1))
    low, high = np.percentile(np.concatenate(scores), [2.5, 97.5])
    return float(low), float(high)
