from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from apps.registry.services.files import remove_remains
from apps.registry.store import ContentLostError, remove_file
from apps.registry.tasks import clear_files
from apps.support.engine.sentences import digest_of
from apps.support.models import Encoder, Intent, KnowledgeIndex
from apps.support.selectors.knowledge import read_examples
from apps.support.services.indexes import (
    INDEXES,
    erase_from_indexes,
    from_bytes,
    let_go_of_all_but,
    make_index,
    open_index,
)
from modelcore.vectors.index import Vectors
from tests.apps.support.factories import NOW, make_example

pytestmark = pytest.mark.django_db
GONE, STAYS = "where is my zebra-striped umbrella", "where is my parcel"


@pytest.fixture
def index(own_store: None, tracking: Intent) -> KnowledgeIndex:
    for text in (GONE, STAYS):
        make_example(tracking, text)
    encoder = Encoder.objects.create(digest="e" * 64, backbone="tiny", created_at=NOW)
    return make(encoder)


def make(encoder: Encoder, *, hours: int = 0) -> KnowledgeIndex:
    at = NOW + timedelta(hours=hours)
    return make_index(entries=read_examples(), encoder=encoder, embed=embed, at=at)


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

    again = make(index.encoder, hours=1)

    assert (again.pk, again.examples) == (index.pk, 2)


def test_an_example_that_came_in_again_before_the_remains_went_keeps_its_file(index: KnowledgeIndex) -> None:
    erase(GONE)
    index.refresh_from_db()
    again = make(index.encoder, hours=1)

    remove_remains()

    assert len(from_bytes(INDEXES.read(again.content))[0]) == 2
    assert not INDEXES.has(index.content)  # the one without it is named by nothing now


@pytest.mark.parametrize("is_open_here", [True, False])
def test_an_index_that_the_store_lost_is_made_again(index: KnowledgeIndex, is_open_here: bool) -> None:
    if is_open_here:
        open_index(index.content)
    remove_file(INDEXES.path(index.content))

    again = make(index.encoder, hours=1)

    assert INDEXES.read(again.content)
    assert [entry.text for entry in open_index(again.content).entries] == [
        entry.text for entry in read_examples()
    ]


def test_an_index_that_stays_is_read_once_however_often_it_is_asked_for(
    index: KnowledgeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(index.encoder)
    monkeypatch.setattr("apps.support.services.indexes.open_index", None)

    assert make(index.encoder).pk == index.pk


def test_the_next_index_is_made_though_the_last_is_lost(index: KnowledgeIndex, tracking: Intent) -> None:
    remove_file(INDEXES.path(index.content))
    make_example(tracking, "when does my parcel come")

    assert make(index.encoder, hours=1).examples == 3


def test_a_lost_index_is_let_go_of_here_too(index: KnowledgeIndex) -> None:
    open_index(index.content)
    remove_file(INDEXES.path(index.content))

    assert erase(GONE) == 0

    assert not KnowledgeIndex.objects.exists()
    with pytest.raises(ContentLostError):
        open_index(index.content)


def test_a_torn_index_leaves_the_store_with_what_it_may_hold(index: KnowledgeIndex) -> None:
    filesystem, path = INDEXES._place(index.content)
    filesystem.pipe_file(path, GONE.encode())

    erase(GONE)
    remove_remains()

    assert not filesystem.exists(path)


def test_an_index_of_other_knowledge_leaves_this_machine_and_within_the_hour_the_store(
    index: KnowledgeIndex, tracking: Intent
) -> None:
    open_index(index.content)
    make_example(tracking, "when does my parcel come")
    present = make(index.encoder, hours=1)

    let_go_of_all_but(digests={present.knowledge_digest}, at=NOW + timedelta(hours=2))
    assert not (Path(settings.SUPPORT_INDEX_CACHE) / index.content).exists()
    clear_files()

    assert not INDEXES.has(index.content)
    assert INDEXES.has(present.content)
