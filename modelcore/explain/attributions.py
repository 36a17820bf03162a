"""Integrated gradients over the word embeddings of a classifier, added up to words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelcore.artifacts import Artifact, open_artifact
from modelcore.data.normal import IDEOGRAPH
from modelcore.errors import InputError

if TYPE_CHECKING:
    from torch import Tensor

STEPS = 64
# Nothing parts words between ideographs, so each stands for itself.
WORD = re.compile(rf"{IDEOGRAPH.pattern}|(?:(?!{IDEOGRAPH.pattern})\w)+|[^\w\s]")


@dataclass(frozen=True)
class Word:
    """A word of the text, where it stands, and how far it moved the label's logit (positive: towards it)."""

    text: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Explanation:
    """What weighed for one label; `completeness_error` is the logit's change that no word accounts for."""

    label: str
    words: tuple[Word, ...]
    completeness_error: float

    def to_json(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "words": [
                {"text": word.text, "start": word.start, "end": word.end, "weight": round(word.weight, 6)}
                for word in self.words
            ],
            "completeness_error": round(self.completeness_error, 6),
        }


class Explainer:
    """Explains a classification artifact; loads its fp32 weights in torch."""

    def __init__(self, path: Path | Artifact) -> None:
        """Open an artifact.

        Raises:
            ArtifactError: missing, corrupt or incompatible.
            InputError: it is not a classifier.
        """
        from tokenizers import Tokenizer

        from modelcore.tasks.classification import load_model

        artifact = path if isinstance(path, Artifact) else open_artifact(path)
        if artifact.manifest.task != "classification":
            raise InputError(
                "Only classifiers are explained; this model is for {task}.", task=artifact.manifest.task
            )
        self.labels = artifact.manifest.labels
        self._model = load_model(artifact.path)
        self._tokenizer = Tokenizer.from_file(str(artifact.path / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(artifact.manifest.max_tokens)

    def explain(self, text: str, label: str | None = None) -> Explanation:
        """Say which words moved the logit of a label, against as many pieces of number 0, a BERT's padding.

        Args:
            text: any length; what is longer than the model reads has no weight.
            label: one of the model's; None takes its answer.
        Raises:
            InputError: the label is unknown.
        Source: Sundararajan, Taly and Yan, Axiomatic Attribution for Deep Networks, 2017.
        """
        import torch
        from captum.attr import LayerIntegratedGradients

        encoded = self._tokenizer.encode(text)
        ids = torch.tensor([encoded.ids])
        mask = torch.ones_like(ids)
        target = self._target(ids, mask, label)
        special = torch.tensor([encoded.special_tokens_mask]).bool()
        baseline = torch.where(special, ids, torch.zeros_like(ids))
        encoder: Any = self._model.encoder
        method = LayerIntegratedGradients(self._model, encoder.get_input_embeddings())
        weights, delta = method.attribute(
            ids,
            baselines=baseline,
            additional_forward_args=(mask,),
            target=target,
            n_steps=STEPS,
            internal_batch_size=16,
            return_convergence_delta=True,
        )
        pieces = weights.sum(dim=-1)[0].tolist()
        words = _words(text, encoded.offsets, pieces)
        return Explanation(self.labels[target], words, abs(float(delta[0])))

    def _target(self, ids: Tensor, mask: Tensor, label: str | None) -> int:
        import torch

        if label is not None:
            if label not in self.labels:
                raise InputError('The model has no label "{label}".', label=label)
            return self.labels.index(label)
        with torch.inference_mode():
            return int(self._model(ids, mask).argmax())


def _words(text: str, offsets: list[tuple[int, int]], pieces: list[float]) -> tuple[Word, ...]:
    """Give each word the weights of the pieces that start in it."""
    words = [(match.group(), match.start(), match.end()) for match in WORD.finditer(text)]
    weights = [0.0] * len(words)
    place = 0
    for (start, end), weight in zip(offsets, pieces, strict=True):
        if end <= start:
            continue
        while place + 1 < len(words) and start >= words[place][2]:
            place += 1
        if words:
            weights[place] += weight
    return tuple(Word(*word, weight) for word, weight in zip(words, weights, strict=True))
