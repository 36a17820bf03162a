from functools import partial
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from apps.registry import families
from apps.registry.families import Family, GatePolicy, Snapshot, Suite
from modelcore.data import read_pairs
from modelcore.training.recipe import Recipe

SAMPLES = Path(__file__).parent / "samples"


def build_snapshot() -> Snapshot:
    """A product's title means the same as its description: that is what the encoder learns from."""
    data = read_pairs(SAMPLES / "products.csv", text_column="title", positive_column="description")
    return Snapshot(data=data, source="products.csv")


RECOMMEND_ENCODER = Family(
    name="recommend-encoder",
    task="embedding",
    label=_("Product encoder"),
    recipe=Recipe(task="embedding", method="full", epochs=2),
    build_snapshot=build_snapshot,
    suites=(Suite(name="held-out", label=_("Held-out products")),),
    gate=GatePolicy(metric="hit_rate_at_1", minimum=0.3),
    in_demo="later",
)

register = partial(families.register, RECOMMEND_ENCODER)
