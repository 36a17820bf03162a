"""How a classifier learns: by gradient through the encoder, by comparing texts, or by its head alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modelcore.tasks.classification import Classifier
    from modelcore.training.session import Session

    Learner = Callable[[str, "Texts", int, Session, "Texts | None"], Classifier]


@dataclass(frozen=True)
class Texts:
    """Tokenised texts with the number of each one's label."""

    tokens: Sequence[Sequence[int]]
    targets: Sequence[int]


def learner(method: str) -> Learner:
    """What trains a classifier by this method: (name of the run, texts, labels, session, held-out texts)."""
    from modelcore.training.methods import contrastive, gradient, head

    return {"head": head.learn, "contrastive": contrastive.learn}.get(method, gradient.learn)
