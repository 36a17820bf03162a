"""Texts in, answers out: tokenise, run in batches of similar length, turn scores into probabilities."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from modelcore.artifacts import Artifact, ArtifactIncompatible, Manifest, open_artifact
from modelcore.data import Span
from modelcore.errors import InputError
from modelcore.evaluation.calibration import softmax
from modelcore.serving.prediction import Prediction
from modelcore.serving.runtimes import Floats, Runtime, best_runtime, open_runtime
from modelcore.serving.tokenise import Text, Tokeniser, Tokens, batches
from modelcore.tasks.transitions import TRANSITIONS_FILE, Transitions

Probabilities = npt.NDArray[np.float64]
TOKENIZER = "tokenizer.json"


class Predictor:
    """A model that answers texts; safe to call from several threads at once."""

    def __init__(self, artifact: Artifact, runtime: Runtime, *, runtime_name: str) -> None:
        self.artifact = artifact
        self.runtime_name = runtime_name
        self._runtime = runtime
        self._tokeniser = Tokeniser(artifact.path / TOKENIZER, artifact.manifest.max_tokens)
        self._transitions = _read_transitions(artifact) if artifact.manifest.task == "tagging" else None

    @classmethod
    def open(cls, path: Path | Artifact, *, runtime: str = "auto", threads: int = 2) -> Self:
        """Verify an artifact and load it.

        Args:
            path: its directory, or the artifact if it was opened already.
            runtime: "auto" for the artifact's default, else as `open_runtime`.
            threads: that one call uses, at least 1.
        Raises:
            ArtifactError: missing, corrupt or incompatible.
            InputError: the artifact has no such runtime.
        """
        artifact = path if isinstance(path, Artifact) else open_artifact(path)
        name = best_runtime(artifact) if runtime == "auto" else runtime
        return cls(artifact, open_runtime(artifact, name, threads=threads), runtime_name=name)

    @property
    def manifest(self) -> Manifest:
        return self.artifact.manifest

    @property
    def task(self) -> str:
        return self.manifest.task

    @property
    def labels(self) -> tuple[str, ...]:
        return self.manifest.labels

    @functools.cached_property
    def embedding_size(self) -> int | None:
        """The D of `embed`, or None for a model that doesn't embed."""
        if self.task != "embedding":
            return None
        return int(self.embed([""]).shape[1])

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Answer every text, in order.

        Args:
            texts: any number; what is longer than the model reads is cut.
        Returns:
            One prediction a text, the probabilities scaled by the artifact's temperature.
        Raises:
            InputError: an embedding model, or a text that isn't valid Unicode.
        """
        if self.task == "embedding":
            raise InputError("This model embeds texts and has no labels: ask for embeddings.")
        if self._transitions is not None:
            return self._tag(texts, self._transitions)
        probabilities = self.probabilities(texts)
        best = probabilities.argmax(axis=1).tolist() if len(texts) else []
        return [
            Prediction(self.labels[index], row[index], tuple(row))
            for index, row in zip(best, probabilities.tolist(), strict=True)
        ]

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """(n, L) probabilities of a classification, temperature-scaled."""
        return softmax(self.scores(texts) / self.manifest.temperature)

    def scores(self, texts: Sequence[Text]) -> Floats:
        """(n, L) logits or (n, D) embeddings, as the model gives them."""
        tokens = self.tokenise(texts)
        found: Floats | None = None
        for batch in batches(tokens):
            answers = self._runtime.run(batch.input_ids, batch.attention_mask)
            if found is None:
                found = np.empty((len(tokens), answers.shape[1]), dtype=np.float32)
            found[list(batch.positions)] = answers
        return np.empty((0, len(self.labels)), dtype=np.float32) if found is None else found

    def embed(self, texts: Sequence[Text]) -> Floats:
        """Embed every text.

        Args:
            texts: as `predict` takes them, or the token ids that `enclose` gave.
        Returns:
            (n, D) float32, each row of length 1.
        Raises:
            InputError: a model of another task, or a text that isn't valid Unicode.
        """
        if self.task != "embedding":
            raise InputError(
                "This model is for {task} and doesn't embed: use an embedding model.", task=self.task
            )
        return self.scores(texts)

    def tokenise(self, texts: Sequence[Text]) -> list[Tokens]:
        return self._tokeniser.encode(texts)

    def token_counts(self, texts: Sequence[Text]) -> list[int]:
        """How many tokens of each text the model reads."""
        return [len(one.ids) for one in self.tokenise(texts)]

    def enclose(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Token ids of one text as the model reads them.

        Args:
            ids: from 0 up, with or without the special ones at their ends.
        Raises:
            InputError: an id that the vocabulary lacks, or nothing between the special ones.
        """
        return self._tokeniser.enclose(ids)

    def close(self) -> None:
        self._runtime.close()

    def _tag(self, texts: Sequence[str], transitions: Transitions) -> list[Prediction]:
        tokens = self._tokeniser.encode_with_offsets(texts)
        answers = []
        for text, one, found in zip(texts, tokens, self._tag_probabilities(tokens), strict=True):
            scores = np.log(found.clip(min=np.finfo(np.float64).tiny))
            marked = transitions.find_spans(scores, one.offsets, text, self.labels)
            spans = tuple(Span(*parts) for parts in marked)
            answers.append(Prediction("", float(found.max(axis=1).mean()), (), spans))
        return answers

    def tag_probabilities(self, texts: Sequence[str]) -> list[Probabilities]:
        """(T, L) probabilities of every tag at every token, for each text of a tagging."""
        return self._tag_probabilities(self.tokenise(texts))

    def _tag_probabilities(self, tokens: Sequence[Tokens]) -> list[Probabilities]:
        found: dict[int, Probabilities] = {}
        for batch in batches(tokens):
            scores = self._runtime.run(batch.input_ids, batch.attention_mask) / self.manifest.temperature
            for row, position in enumerate(batch.positions):
                found[position] = softmax(scores[row, : len(tokens[position].ids)])
        return [found[position] for position in range(len(tokens))]


def _read_transitions(artifact: Artifact) -> Transitions:
    if TRANSITIONS_FILE not in artifact.manifest.files:
        raise ArtifactIncompatible(
            '"{path}" marks spans and has no {file}: fit the model again.',
            path=artifact.path,
            file=TRANSITIONS_FILE,
        )
    content = (artifact.path / TRANSITIONS_FILE).read_bytes()
    return Transitions.from_json(content, tags=len(artifact.manifest.labels))
