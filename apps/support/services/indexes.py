"""The index of the nearest questions: made of the approved examples, kept in the store, mapped where used."""

import io
import json
import logging
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction

from apps.registry.services.files import note_remains, put_file
from apps.registry.store import ContentLostError, Shelf
from apps.support.models import Encoder, KnowledgeIndex
from apps.support.selectors.knowledge import digest_of_knowledge
from modelcore.artifacts import ArtifactError
from modelcore.vectors import Entry, VectorIndex
from modelcore.vectors.index import Vectors

logger = logging.getLogger(__name__)

INDEXES = Shelf("support-indexes", "npz")
# Folders of other names are still being written.
_DIGEST = re.compile("[0-9a-f]{64}")
OPENED_WITHIN = timedelta(minutes=10)
Embed = Callable[[Sequence[str]], Vectors]


def make_index(*, entries: Sequence[Entry], encoder: Encoder, embed: Embed, at: datetime) -> KnowledgeIndex:
    """The index of examples; only texts that the last one lacks are embedded.

    One that the store lost is made again.
    """
    digest = digest_of_knowledge(entries, encoder=encoder.digest)
    # One that lost erased examples is not the index of these any more, if they came in again.
    existing = encoder.indexes.filter(knowledge_digest=digest, examples=len(entries)).first()
    if existing is not None and _is_kept(existing.content):
        return existing
    vectors = _vectors_of(entries, encoder, embed)
    with transaction.atomic():
        content = put_file(INDEXES, to_bytes(entries, vectors))
        for replaced in encoder.indexes.filter(knowledge_digest=digest):
            note_remains(INDEXES.path(replaced.content), at)
        index, _ = KnowledgeIndex.objects.update_or_create(
            encoder=encoder,
            knowledge_digest=digest,
            defaults={"content": content, "examples": len(entries), "made_at": at},
        )
    return index


def erase_from_indexes(*, digests: frozenset[str], at: datetime) -> int:
    """Write every index anew without some examples; how many entries went.

    An index keeps the digest of its knowledge, so that its certificates hold until new ones are made. One
    that the store lost or damaged is let go of, with its copies; what is needed of it is made again.
    """
    gone = 0
    for index in KnowledgeIndex.objects.all():
        try:
            entries, vectors = from_bytes(INDEXES.read(index.content))
        except ContentLostError as error:
            logger.error("an index of the knowledge is let go of: %s", error)
            _let_go(index, at)
            continue
        staying = [place for place, entry in enumerate(entries) if entry.key not in digests]
        if len(staying) == len(entries):
            continue
        kept = to_bytes([entries[place] for place in staying], vectors[staying])
        with transaction.atomic():
            content = put_file(INDEXES, kept)
            rows = KnowledgeIndex.objects.filter(pk=index.pk, content=index.content)
            if rows.update(content=content, examples=len(staying)):
                note_remains(INDEXES.path(index.content), at)
        gone += len(entries) - len(staying)
    forget_cached()
    return gone


def let_go_of_all_but(*, digests: set[str], at: datetime) -> int:
    """Of the indexes of other knowledge, once nobody can be opening one any more; how many went."""
    others = KnowledgeIndex.objects.filter(made_at__lt=at - OPENED_WITHIN).exclude(
        knowledge_digest__in=digests
    )
    gone = list(others)
    for index in gone:
        _let_go(index, at)
    forget_cached()
    return len(gone)


@transaction.atomic
def _let_go(index: KnowledgeIndex, at: datetime) -> None:
    gone, _by_model = KnowledgeIndex.objects.filter(pk=index.pk, content=index.content).delete()
    if gone:  # and not written anew by another meanwhile
        note_remains(INDEXES.path(index.content), at)


def forget_cached() -> None:
    """Remove the indexes on this machine that no row names any more."""
    named = set(KnowledgeIndex.objects.values_list("content", flat=True))
    folder = Path(settings.SUPPORT_INDEX_CACHE)
    for cached in folder.iterdir() if folder.exists() else ():
        if _DIGEST.fullmatch(cached.name) and cached.name not in named:
            shutil.rmtree(cached, ignore_errors=True)


def open_index(content: str) -> VectorIndex:
    """The index on this machine, brought from the store at first.

    Raises:
        ContentLostError: the store no longer holds it.
    """
    folder = Path(settings.SUPPORT_INDEX_CACHE) / content
    try:
        return VectorIndex.open(folder)
    except ArtifactError:
        entries, vectors = from_bytes(INDEXES.read(content))
    VectorIndex.build(vectors, entries).write(folder)
    return VectorIndex.open(folder)


def to_bytes(entries: Sequence[Entry], vectors: Vectors) -> bytes:
    stream = io.BytesIO()
    described = json.dumps([asdict(entry) for entry in entries]).encode()
    np.savez(stream, vectors=vectors, entries=np.frombuffer(described, dtype=np.uint8))
    return stream.getvalue()


def from_bytes(content: bytes) -> tuple[tuple[Entry, ...], Vectors]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        entries = tuple(Entry(**fields) for fields in json.loads(arrays["entries"].tobytes()))
        return entries, arrays["vectors"]


def _is_kept(content: str) -> bool:
    """Whether it can be opened here, and lies in the store for other machines."""
    try:
        _opened_once(content)
    except ContentLostError:
        return False
    return INDEXES.has(content)


@lru_cache(maxsize=1)
def _opened_once(content: str) -> None:
    """Asked every few seconds; to verify and read a hundred thousand examples takes that long itself."""
    open_index(content)


def _vectors_of(entries: Sequence[Entry], encoder: Encoder, embed: Embed) -> Vectors:
    known: dict[str, Vectors] = {}
    last = encoder.indexes.first()
    if last is not None:
        try:
            before, vectors = from_bytes(INDEXES.read(last.content))
            known = {entry.text: vector for entry, vector in zip(before, vectors, strict=True)}
        except ContentLostError as error:
            logger.warning("every example is embedded again: %s", error)
    new = [entry.text for entry in entries if entry.text not in known]
    if new:
        known |= dict(zip(new, embed(new), strict=True))
    rows = [known[entry.text] for entry in entries]
    return np.stack(rows) if rows else np.empty((0, 1), dtype=np.float32)
