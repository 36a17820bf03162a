"""Near duplicates follow the index of the knowledge, and are gone with their examples."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from django.test import Client

from apps.accounts.models import User
from apps.support.models import Encoder, Example, Intent, KnowledgeIndex, NearDuplicate
from apps.support.selectors.knowledge import read_examples
from apps.support.selectors.knowledge_pages import near_duplicates
from apps.support.services.duplicates import compare_examples
from apps.support.services.indexes import make_index
from modelcore.vectors.index import Vectors
from tests.apps.support.factories import NOW, make_example

pytestmark = pytest.mark.django_db
# Their vectors are the angles that they end on.
PARCEL, PARCELS, MONEY = "where is my parcel 0", "where are my parcels 4", "money back 90"
LATER = NOW + timedelta(hours=1)


def embed(texts: Sequence[str]) -> Vectors:
    angles = np.radians([float(text.rsplit(" ", 1)[1]) for text in texts])
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


@pytest.fixture
def encoder(own_store: None, tracking: Intent, refund: Intent) -> Encoder:
    for intent, text in ((tracking, PARCEL), (refund, PARCELS), (refund, MONEY)):
        make_example(intent, text)
    return Encoder.objects.create(digest="e" * 64, backbone="circle", created_at=NOW)


def compare(encoder: Encoder) -> int:
    index = make_index(entries=read_examples(), encoder=encoder, embed=embed, at=NOW)
    return compare_examples(index=index, at=LATER)


def shown() -> list[set[str]]:
    return [{pair.one.text, pair.other.text} for pair in near_duplicates()]


def test_an_index_is_compared_once(encoder: Encoder) -> None:
    assert (compare(encoder), compare(encoder)) == (1, 0)

    assert shown() == [{PARCEL, PARCELS}]
    assert KnowledgeIndex.objects.get().compared_at == LATER


def test_the_next_index_takes_the_place_of_the_one_before(encoder: Encoder, refund: Intent) -> None:
    compare(encoder)
    make_example(refund, "my money 89")
    Example.objects.filter(text=PARCELS).update(state=Example.State.REJECTED)

    assert compare(encoder) == 1
    assert shown() == [{MONEY, "my money 89"}]
    assert KnowledgeIndex.objects.exclude(compared_at=None).count() == 1


def test_a_rejected_example_is_shown_no_more_and_an_erased_one_is_kept_no_more(encoder: Encoder) -> None:
    compare(encoder)

    Example.objects.filter(text=PARCELS).update(state=Example.State.REJECTED)
    assert shown() == []
    Example.objects.filter(text=PARCELS).delete()
    assert not NearDuplicate.objects.exists()


def test_the_lead_sees_the_pair_and_rejects_one(encoder: Encoder, lead: User, client: Client) -> None:
    compare(encoder)
    client.force_login(lead)
    page = client.get("/support/knowledge/conflicts/").text
    assert PARCEL in page
    assert "0.93" in page
    assert "1 near duplicate<" in client.get("/support/knowledge/").text

    chosen = Example.objects.get(text=PARCELS)
    said = {"decision": "reject", "example": chosen.pk, "next": "/support/knowledge/conflicts/"}
    answer = client.post("/support/knowledge/examples/judge/", said, follow=True)

    assert "No near duplicates" in answer.text


def test_an_agent_reads_pairs_and_has_nothing_to_reject_with(
    encoder: Encoder, agent: User, client: Client
) -> None:
    compare(encoder)
    client.force_login(agent)
    page = client.get("/support/knowledge/conflicts/?page=none").text

    assert PARCEL in page
    assert "examples/judge" not in page
