"""Of what a tagger finds, what tells who somebody is or where they live."""

import dataclasses
from collections.abc import Sequence

from apps.serving.live_model import AnyPredictor
from modelcore.serving import Prediction

# They say what a text is about, and models need them to understand it.
IMPERSONAL = frozenset({"AGE", "DATE_TIME", "DOMAIN_NAME", "GPE", "NRP", "ORGANIZATION", "TITLE"})


class PersonalTagger:
    """A tagger that leaves what is impersonal; it answers in the thread that asks."""

    def __init__(self, predictor: AnyPredictor) -> None:
        self._predictor = predictor

    def predict(self, texts: Sequence[str], /) -> list[Prediction]:
        return [
            dataclasses.replace(one, spans=tuple(span for span in one.spans if span.label not in IMPERSONAL))
            for one in self._predictor.predict(texts)
        ]
