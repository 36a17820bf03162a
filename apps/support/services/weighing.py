"""Why a message was held for an intent, asked of the model that is live."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.serving.loading import live_models
from apps.support.engine.weighing import Piece, weigh
from apps.support.family_name import FAMILY
from apps.support.models import Decision
from apps.support.services.corrections import question_of
from modelcore.serving import Prediction


@dataclass(frozen=True)
class Weighed:
    """`number` is of the version that weighed; without pieces it does not know the intent."""

    number: int
    pieces: tuple[Piece, ...]


def weigh_words(*, decision: Decision) -> Weighed:
    """
    Raises:
        ServingError: no model can answer now.
    """
    with live_models().leased(FAMILY, None) as model:
        labels = list(model.predictor.labels)
        if decision.intent not in labels:
            return Weighed(model.release.number, ())
        place = labels.index(decision.intent)

        def probabilities(texts: Sequence[str]) -> list[float]:
            answers = model.predictor.predict(texts)
            return [one.probabilities[place] for one in answers if isinstance(one, Prediction)]

        return Weighed(model.release.number, weigh(question_of(decision), probabilities))
