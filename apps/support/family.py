from functools import partial
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from apps.registry import families
from apps.registry.families import Family, GatePolicy, Snapshot, Suite
from modelcore.data import read_labelled
from modelcore.training.recipe import Recipe

SAMPLES = Path(__file__).parent / "samples"


def build_snapshot(path: Path = SAMPLES / "questions.csv") -> Snapshot:
    return Snapshot(data=read_labelled(path), source=path.name)


SUPPORT_INTENT = Family(
    name="support-intent",
    task="classification",
    label=_("Support intent"),
    recipe=Recipe(task="classification"),
    build_snapshot=build_snapshot,
    suites=(Suite(name="held-out", label=_("Held-out questions")),),
    gate=GatePolicy(minimum=0.7),
)

register = partial(families.register, SUPPORT_INTENT)
