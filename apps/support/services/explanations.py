"""Why the bot understood a question as it did, computed when somebody asks and never while it answers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from apps.serving.loading import live_models
from apps.support.engine.word_weights import WeighedWord, weigh_words
from apps.support.models import Decision
from apps.support.selectors.knowledge import FAMILY


def explain_words(*, decision: Decision) -> list[tuple[WeighedWord, ...]]:
    """The weights of the words of each question of a decision, for the intent that it was taken for.

    They are those of the very version that decided; nothing where there was no model, or where the version
    does not know the intent.

    Raises:
        ServingError: the version can't be loaded now.
    """
    if decision.version is None:
        return []
    model = live_models().lease(FAMILY, str(decision.version.number))
    try:
        labels = model.predictor.labels

        def probabilities(texts: Sequence[str]) -> NDArray[np.float64]:
            return np.array([one.probabilities for one in model.predictor.predict(texts)], dtype=np.float64)

        return [
            weigh_words(question["text"], labels.index(question["top"][0]["label"]), probabilities)
            for question in decision.detail.get("questions", ())
            if question["top"] and question["top"][0]["label"] in labels
        ]
    finally:
        model.give_back()
