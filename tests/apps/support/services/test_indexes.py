from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from apps.registry.services.erasure import remove_remains
from apps.registry.store import ContentLostError
from apps.support.models import Encoder, Intent, KnowledgeIndex
from apps.support.services.examples import digest_of
from apps.support.services.indexes import erase_from_indexes, make_index, open_index
from modelcore.vectors.index import Vectors
from tests.apps.support.factories import NOW, make_example

pytestmark = pytest.mark.django_db
GONE, STAYS = "where is my zebra-striped umbrella", "where is my parcel"


@pytest.fixture
def index(tracking: Intent, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> KnowledgeIndex:
    monkeypatch.setattr(settings, "SUPPORT_INDEX_CACHE", tmp_path / "cache")
    monkeypatch.setattr(settings, "ARTIFACT_STORE", (tmp_path / "store").as_uri())
    for text in (GONE, STAYS):
        make_example(tracking, text)
    encoder = Encoder.objects.create(digest="e" * 64, backbone="tiny", created_at=NOW)
    return make_index(encoder=encoder, embed=embed, at=NOW)


def embed(texts: Sequence[str]) -> Vectors:
    vectors = np.array([[len(text), text.count("e"), 1.0] for text in texts], dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def erase(text: str) -> int:
    return erase_from_indexes(digests=frozenset({digest_of(text)}), at=NOW)


def test_an_erased_example_leaves_the_index_the_store_and_this_machine(index: KnowledgeIndex) -> None:
    before = index.content
    open_index(before)

    assert erase(GONE) == 1
    remove_remains()

    index.refresh_from_db()
    assert [entry.text for entry in open_index(index.content).entries] == [STAYS]
    with pytest.raises(ContentLostError):
        open_index(before)


def test_the_index_keeps_the_knowledge_that_certificates_name(index: KnowledgeIndex) -> None:
    before = index.knowledge_digest

    erase(GONE)

    index.refresh_from_db()
    assert (index.knowledge_digest, index.examples) == (before, 1)


def test_erasing_again_changes_nothing(index: KnowledgeIndex) -> None:
    erase(GONE)

    assert erase(GONE) == 0


def test_an_example_that_comes_in_again_is_indexed_again(index: KnowledgeIndex) -> None:
    erase(GONE)

    again = make_index(encoder=index.encoder, embed=embed, at=NOW + timedelta(hours=1))

    assert (again.pk, again.examples) == (index.pk, 2)
