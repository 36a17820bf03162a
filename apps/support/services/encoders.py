"""The encoder of the nearest questions: packed once, by the process that has torch, and kept in the store."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from apps.registry.store import artifact_store, fetch_artifact
from apps.serving.catalogue import Release
from apps.serving.live_model import LiveModel
from apps.serving.loading import open_release
from apps.support.family import ALONE_MS, read_samples
from apps.support.models import Encoder
from apps.support.selectors.grounds import newest_encoder
from apps.support.selectors.knowledge import digest_of_knowledge
from modelcore.compression.selection import Limits
from modelcore.data import LabelledTexts
from modelcore.training.vocabulary import find_gap
from modelcore.vectors import Entry

NAME = "support-encoder"
# The index and the questions go through one runtime: the intents that are found have to agree, and less so
# which of their questions is the nearest. What int8 costs shows in the certificates, which are made with it.
# On some 500 texts chance alone is a point, which must not decide how long each customer waits.
LIMITS = Limits(max_drop=0.03, int8_drop=0.03, min_agreement=0.85)


def pack_encoder(*, entries: Sequence[Entry], at: datetime) -> Encoder:
    """The newest encoder; where there is none, or it lacks word pieces for what is looked up, a new one.

    Args:
        entries: what is looked up; without any the samples tell what an encoder has to read.
        at: now.
    """
    from modelcore.compression.backbone import pack_backbone

    existing = newest_encoder()
    if existing is not None and _reads(existing, entries):
        return existing
    rows = (
        LabelledTexts(tuple(one.text for one in entries), tuple(one.label for one in entries))
        if entries
        else read_samples()
    )
    with tempfile.TemporaryDirectory(prefix="berth-encoder-") as folder:
        artifact = pack_backbone(Path(folder) / "encoder", rows, limits=LIMITS, target_ms=ALONE_MS, threads=1)
        digest = artifact_store().put(artifact.path)
    encoder, _ = Encoder.objects.get_or_create(
        digest=digest, defaults={"backbone": artifact.manifest.backbone["name"], "created_at": at}
    )
    return encoder


def _reads(encoder: Encoder, entries: Sequence[Entry]) -> bool:
    knowledge = digest_of_knowledge(entries, encoder=encoder.digest)
    if encoder.indexes.filter(knowledge_digest=knowledge).exists():
        return True
    tokenizer = (fetch_artifact(encoder.digest).path / "tokenizer.json").read_bytes()
    return not find_gap([one.text for one in entries], tokenizer).missing


@cache
def open_encoder(digest: str, *, threads: int = 1) -> LiveModel:
    """The encoder in this process, opened once.

    Args:
        digest: of its artifact.
        threads: of one call; a single question is no quicker with two, the whole knowledge is.

    Raises:
        ModelcoreError: the store has lost or damaged it.
    """
    created_at = Encoder.objects.values_list("created_at", flat=True).get(digest=digest)
    return open_release(Release(NAME, 1, digest, created_at), threads=threads)
