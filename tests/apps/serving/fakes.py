"""Models that need no runtime: they answer with what they are."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apps.serving.catalogue import Catalogue, Release
from apps.serving.live_model import LiveModel, Vector
from modelcore.serving import Prediction, Text

FAMILY = "support-intent"
AT = datetime(2026, 1, 1, tzinfo=UTC)


class FakePredictor:
    """Its label is the name it was given; `gate` holds predictions back until it is set."""

    task = "classification"
    embedding_size: int | None = None

    def __init__(self, name: str) -> None:
        self.labels = (name, "other")
        self.gate = threading.Event()
        self.gate.set()
        self.is_closed = threading.Event()

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.gate.wait(10)
        if self.is_closed.is_set():
            raise RuntimeError("used after it was closed")
        return [Prediction(self.labels[0], 0.75, (0.75, 0.25)) for _ in texts]

    def embed(self, texts: Sequence[Text]) -> Vector:
        raise AssertionError("a classifier was asked for vectors")

    def token_counts(self, texts: Sequence[Text]) -> list[int]:
        return [len(text.split() if isinstance(text, str) else text) + 2 for text in texts]

    def enclose(self, ids: Sequence[int]) -> tuple[int, ...]:
        return tuple(ids)

    def close(self) -> None:
        self.is_closed.set()


def release(number: int) -> Release:
    return Release(FAMILY, number, f"{number:064x}", AT)


@dataclass
class FakeRegistry:
    """A registry to move aliases in, and the loader that goes with it, which waits for `gate`."""

    numbers: tuple[int, ...] = (1, 2, 3, 4)
    aliases: dict[str, int] = field(default_factory=lambda: {"champion": 1})
    broken: set[int] = field(default_factory=set)
    opened: list[int] = field(default_factory=list)
    predictors: dict[int, FakePredictor] = field(default_factory=dict)
    max_queue: int = 4096
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def read(self) -> Catalogue:
        releases = {FAMILY: {number: release(number) for number in self.numbers}}
        return Catalogue(frozenset({FAMILY, "empty"}), releases, {FAMILY: dict(self.aliases)})

    def open(self, wanted: Release) -> LiveModel:
        self.opened.append(wanted.number)
        self.gate.wait(10)
        if wanted.number in self.broken:
            raise OSError("the store does not answer")
        predictor = self.predictors[wanted.number] = FakePredictor(f"v{wanted.number}")
        return LiveModel(wanted, predictor, token_budget=512, max_queue=self.max_queue)
