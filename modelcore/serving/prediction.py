"""What a model answers to one text."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from modelcore.data import Span


@dataclass(frozen=True)
class Prediction:
    """The answer to one text.

    Args:
        label: the most probable one; empty for tagging.
        score: its probability in [0, 1], temperature-scaled; for tagging the mean over the tokens.
        probabilities: of every label, in the order of the manifest; empty for tagging.
        spans: what tagging found, in characters of the text.
    """

    label: str
    score: float
    probabilities: tuple[float, ...]
    spans: tuple[Span, ...] = ()

    def to_json(self, labels: Sequence[str]) -> dict[str, Any]:
        """For people and programs that have no manifest at hand.

        Args:
            labels: of the manifest.
        """
        if not self.probabilities:
            return {"spans": [asdict(span) for span in self.spans], "score": round(self.score, 6)}
        return {
            "label": self.label,
            "score": round(self.score, 6),
            "probabilities": {
                label: round(value, 6) for label, value in zip(labels, self.probabilities, strict=True)
            },
        }
