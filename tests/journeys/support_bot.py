"""A bot whose knowledge is known: a model that counts words, the nearest questions, a certificate."""

from datetime import datetime
from pathlib import Path

from apps.registry.models import Alias, Promotion, Version
from apps.registry.services.versions import register_version
from apps.registry.store import artifact_store
from apps.support.engine.decision import TARGETS
from apps.support.engine.scoring import REVISION, Neighbourhood, Scoring
from apps.support.family_name import FAMILY
from apps.support.models import Certificate, Encoder, Intent
from apps.support.selectors.knowledge import calibration_questions, read_examples
from apps.support.services.encoders import NAME, open_encoder
from apps.support.services.indexes import make_index
from tests.apps.serving.tiny_artifact import write_classifier, write_embedder
from tests.apps.support.factories import make_example

# In the order of the model's words: "card", "lost", "refund" and "late" each stand for one.
INTENTS = ("cancel_order", "return_item", "refund_status", "track_order")
# What the nearest questions are; whatever else is asked is near to none of them, and goes to people.
EXAMPLES = {
    "refund_status": ("Where is my refund?", "Hello, where is my refund?"),
    "track_order": ("My parcel is late.", "Is it late?"),
}
SCORING = Scoring(Neighbourhood(near=1.0, spread=0.1))
# Half sure of one word among others; a quarter, without any, is what four labels come to.
THRESHOLD = 0.4


def make_bot(folder: Path, at: datetime) -> None:
    """Of the desk's intents, which are there already."""
    for name, texts in EXAMPLES.items():
        for text in texts:
            make_example(Intent.objects.get(name=name), text)
    artifact = write_classifier(folder / "support-words", INTENTS)
    artifact_store().put(artifact.path)
    version = register_version(family=FAMILY, artifact=artifact, at=at)
    # Four labels would not pass the gate, which is not what these journeys are about.
    Alias.objects.create(family=FAMILY, name="champion", version=version, changed_at=at)
    Promotion.objects.create(family=FAMILY, alias="champion", to_version=version, gate_report={}, at=at)
    certify(version, folder, at)


def certify(version: Version, folder: Path, at: datetime) -> None:
    digest = artifact_store().put(write_embedder(folder / "support-encoder").path)
    encoder = Encoder.objects.create(digest=digest, backbone=NAME, created_at=at)
    embed = open_encoder(digest).predictor.embed
    index = make_index(entries=read_examples(), encoder=encoder, embed=embed, at=at)
    Certificate.objects.bulk_create(
        Certificate(
            version=version,
            target=target,
            threshold=THRESHOLD,
            examples=400,
            answered=300,
            precision_at_least=target,
            scoring=SCORING.to_json(),
            scoring_revision=REVISION,
            calibration_digest=calibration_questions().digest,
            knowledge_digest=index.knowledge_digest,
            made_at=at,
        )
        for target in TARGETS
    )
