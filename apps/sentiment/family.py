from functools import partial
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from apps.registry import families
from apps.registry.families import Family, GatePolicy, Snapshot, Suite
from modelcore.data import read_labelled
from modelcore.training.recipe import Recipe

SAMPLES = Path(__file__).parent / "samples"


def build_snapshot() -> Snapshot:
    return Snapshot(data=read_labelled(SAMPLES / "headlines.csv"), source="headlines.csv")


SENTIMENT_POLARITY = Family(
    name="sentiment-polarity",
    task="classification",
    label=_("Sentiment polarity"),
    recipe=Recipe(task="classification", method="full", epochs=6),
    build_snapshot=build_snapshot,
    suites=(Suite(name="held-out", label=_("Held-out headlines")),),
    gate=GatePolicy(minimum=0.7),
)

register = partial(families.register, SENTIMENT_POLARITY)
