"""The tagger that finds names and addresses in what people write, for every product."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from apps.registry import families
from apps.registry.families import Family, GatePolicy, Snapshot, Suite
from modelcore.privacy import personal_sentences
from modelcore.training.recipe import Recipe

SENTENCES = 4000
SEED = 0


def build_snapshot(count: int = SENTENCES) -> Snapshot:
    """The same sentences each time, so that two versions differ by what was changed, not by chance."""
    return Snapshot(data=personal_sentences(count=count, seed=SEED), source=str(_("made-up sentences")))


PERSONAL_DATA = Family(
    name="personal-data",
    task="tagging",
    label=_("Personal data"),
    # The suite holds templates of the same sentences: none may be learned beside the data set. A window of
    # text that is masked has up to 256 tokens.
    recipe=Recipe(task="tagging", method="full", own_sentences=0, max_tokens=256),
    build_snapshot=build_snapshot,
    suites=(Suite(name="held-out", label=_("Held-out templates")),),
    gate=GatePolicy(metric="f1", minimum=0.6, label_loss=0.05),
    in_demo="never",
)

register = partial(families.register, PERSONAL_DATA)
