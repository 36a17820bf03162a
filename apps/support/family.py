from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from apps.registry import families
from apps.registry.families import Family, GatePolicy, Snapshot, Suite
from apps.support.family_name import FAMILY
from modelcore.data import LabelledTexts, read_labelled
from modelcore.training.recipe import Recipe

SAMPLES = Path(__file__).parent / "samples"
TAUGHT = "taught"
# A customer asks one question and waits. Few processors get there, so what is quickest for one text serves.
ALONE_MS = 2.0


def read_samples() -> LabelledTexts:
    return read_labelled(SAMPLES / "questions.csv")


def build_snapshot() -> Snapshot:
    """What the knowledge holds; a service without any begins with the samples."""
    from apps.support.selectors.examples import approved_texts

    approved = approved_texts()
    if not approved.texts:
        return Snapshot(data=read_samples(), source="questions.csv")
    return Snapshot(data=approved, source=str(_("approved examples")))


def titles(labels: Iterable[str]) -> Mapping[str, str]:
    from apps.support.selectors.thread import intent_titles

    return intent_titles(labels)


SUPPORT_INTENT = Family(
    name=FAMILY,
    task="classification",
    label=_("Support intent"),
    recipe=Recipe(task="classification"),
    build_snapshot=build_snapshot,
    suites=(
        Suite(name="held-out", label=_("Held-out questions")),
        Suite(name=TAUGHT, label=_("Taught questions"), grows=True),
    ),
    gate=GatePolicy(minimum=0.7, wrong_labels=0.1),
    alone_ms=ALONE_MS,
    titles=titles,
)

register = partial(families.register, SUPPORT_INTENT)
