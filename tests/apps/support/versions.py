"""Versions and an encoder on the real runtime whose answers are known: each word votes for one intent."""

from pathlib import Path

from apps.registry import families, store
from apps.registry.families import Snapshot
from apps.registry.models import Alias, Dataset, Version
from apps.registry.services.datasets import pin_suites
from apps.registry.services.versions import register_version
from apps.support.family_name import FAMILY
from apps.support.models import Encoder, Example
from modelcore.data import LabelledTexts
from tests.apps.serving.tiny_artifact import write_classifier, write_embedder
from tests.apps.support.factories import NOW, make_example, make_intent

# The first words of the tiny vocabulary, each of which stands for an intent of its own.
INTENTS = ("card", "lost", "refund")
PER_INTENT = 120


def make_knowledge() -> None:
    """Approved examples of three intents with an answer each, of which the family's suite holds some back."""
    for name in INTENTS:
        intent = make_intent(name, answer=f"About {name}.")
        for number in range(PER_INTENT):
            make_example(intent, f"{name} {name} {'x' * (number % 7)} {number}")
    rows = list(Example.objects.order_by("pk").values_list("text", "intent__name"))
    data = LabelledTexts(tuple(text for text, _ in rows), tuple(label for _, label in rows))
    pin_suites(family=families.get(FAMILY), snapshot=Snapshot(data, "test rows"), at=NOW)


def make_champion(folder: Path) -> Version:
    artifact = write_classifier(folder / "classifier", INTENTS)
    store.artifact_store().put(artifact.path)
    version = register_version(family=FAMILY, artifact=artifact, at=NOW)
    Alias.objects.create(family=FAMILY, name="champion", version=version, changed_at=NOW)
    return version


def make_encoder(folder: Path) -> Encoder:
    artifact = write_embedder(folder / "embedder")
    store.artifact_store().put(artifact.path)
    return Encoder.objects.create(digest=artifact.digest, backbone="counting", created_at=NOW)


def held_out() -> int:
    return sum(Dataset.objects.filter(family=FAMILY, kind=Dataset.Kind.SUITE).values_list("rows", flat=True))


def approved() -> int:
    return Example.objects.filter(state=Example.State.APPROVED).count()
