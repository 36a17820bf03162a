"""How fast runtimes answer, measured turn by turn so that a busy machine is unfair to none of them."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from modelcore.serving.predictor import Predictor

ROUNDS = 3
SINGLES = 12
BATCH = 16


@dataclass(frozen=True)
class Speed:
    """Median milliseconds for one text alone, and texts a second in batches of 16."""

    batch1_ms: float
    docs_per_second: float

    def to_json(self) -> dict[str, Any]:
        return {name: round(value, 3) for name, value in asdict(self).items()}


def measure_speed(
    predictors: Mapping[str, Predictor], texts: Sequence[str], *, rounds: int = ROUNDS
) -> dict[str, Speed]:
    """Time each predictor from text to answer.

    Args:
        predictors: by name.
        texts: of the lengths that will be served; some of them are used.
        rounds: turns of every predictor; the medians are reported.
    Returns:
        Speed by name.
    """
    sample = _spread(texts, 2 * BATCH)
    singles = _spread(sample, SINGLES)
    alone: dict[str, list[float]] = {name: [] for name in predictors}
    together: dict[str, list[float]] = {name: [] for name in predictors}
    for predictor in predictors.values():
        _answer(predictor, singles[:3])
        _answer(predictor, sample)
    for _ in range(rounds):
        for name, predictor in predictors.items():
            alone[name] += [_seconds(predictor, [text]) for text in singles]
            parts = [sample[start : start + BATCH] for start in range(0, len(sample), BATCH)]
            together[name].append(sum(_seconds(predictor, part) for part in parts))
    return {
        name: Speed(1000 * statistics.median(alone[name]), len(sample) / statistics.median(together[name]))
        for name in predictors
    }


def _spread(texts: Sequence[str], count: int) -> list[str]:
    """So many texts, evenly from the shortest to the longest, repeated if there are too few."""
    order = sorted(texts, key=len)
    return [order[position * len(order) // count] for position in range(count)]


def _seconds(predictor: Predictor, texts: Sequence[str]) -> float:
    begun_at = time.perf_counter()
    _answer(predictor, texts)
    return time.perf_counter() - begun_at


def _answer(predictor: Predictor, texts: Sequence[str]) -> object:
    ask: Callable[[Sequence[str]], object] = (
        predictor.embed if predictor.task == "embedding" else predictor.predict
    )
    return ask(texts)
