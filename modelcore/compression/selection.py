"""Which runtime serves: the fastest here among those that are as good."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from modelcore.compression.fidelity import Fidelity
from modelcore.serving.speed import Speed


@dataclass(frozen=True)
class Candidate:
    """A runtime, measured: size in bytes, speed here, accuracy and distance to fp32."""

    name: str
    size_bytes: int
    accuracy: float
    fidelity: Fidelity
    speed: Speed
    admitted: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "size_bytes": self.size_bytes,
            "accuracy": self.accuracy,
            "admitted": self.admitted,
            **self.fidelity.to_json(),
            **self.speed.to_json(),
        }


@dataclass(frozen=True)
class Limits:
    """How far from fp32 a runtime may be and still serve.

    Args:
        max_drop: accuracy that may be lost, in [0, 1].
        int8_drop: the same for int8, where it is less.
        max_difference: that one probability of one text may move, in [0, 1]; the largest move of thousands
            of texts grows with their number, so it is far out and the other two decide.
        min_agreement: share of the texts that are answered as by fp32, in [0, 1].
    """

    max_drop: float = 0.01
    int8_drop: float = 0.003
    max_difference: float = 0.5
    min_agreement: float = 0.95

    def drop_for(self, name: str, texts: int) -> float:
        """What a runtime of this name may lose: one text at least, for on few texts that is no evidence."""
        drop = min(self.max_drop, self.int8_drop) if "int8" in name else self.max_drop
        return max(drop, 1 / texts)

    def admit(self, name: str, fidelity: Fidelity) -> bool:
        """Whether a runtime of this name, so far from fp32, may serve."""
        return (
            fidelity.accuracy_drop <= self.drop_for(name, fidelity.texts) + 1e-12
            and fidelity.max_difference <= self.max_difference
            and fidelity.label_agreement >= self.min_agreement
        )


STANDARD = Limits()


def choose(candidates: Sequence[Candidate], *, target_ms: float | None) -> Candidate:
    """The runtime to serve with.

    Args:
        candidates: at least one of them admitted.
        target_ms: for one text alone. Among those that reach it the one with the most texts a second wins;
            where none does, the quickest for one text. None weighs both alike, by their geometric mean.
    """
    admitted = [one for one in candidates if one.admitted]
    if target_ms is not None:
        reach = [one for one in admitted if one.speed.batch1_ms <= target_ms]
        if reach:
            return max(reach, key=lambda one: one.speed.docs_per_second)
        return min(admitted, key=lambda one: one.speed.batch1_ms)
    return max(admitted, key=lambda one: one.speed.docs_per_second / one.speed.batch1_ms)
