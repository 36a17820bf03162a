"""Near duplicates among the examples: looked for once with each index, by the worker that makes it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.support.engine.duplicates import NearPair, near_pairs
from apps.support.models import Example, KnowledgeIndex, NearDuplicate
from apps.support.services.indexes import open_index

MOST = 2000


def compare_examples(*, index: KnowledgeIndex, at: datetime) -> int:
    """Keep the near duplicates of this index instead of those before; how many, 0 where that was done.

    Raises:
        ContentLostError: the store no longer holds the index.
    """
    if index.compared_at is not None:
        return 0
    pairs = near_pairs(open_index(index.content), most=MOST)
    with transaction.atomic():
        # An erasure that wrote it anew meanwhile leaves this to the next time.
        claimed = KnowledgeIndex.objects.filter(pk=index.pk, content=index.content, compared_at=None)
        if not claimed.update(compared_at=at):
            return 0
        KnowledgeIndex.objects.exclude(pk=index.pk).update(compared_at=None)
        NearDuplicate.objects.all().delete()
        return len(NearDuplicate.objects.bulk_create(_rows(pairs)))


def _rows(pairs: Sequence[NearPair]) -> list[NearDuplicate]:
    digests = {entry.key for pair in pairs for entry in (pair.one, pair.other)}
    examples = Example.objects.filter(state=Example.State.APPROVED, digest__in=digests)
    keys = {
        (digest, intent): pk for digest, intent, pk in examples.values_list("digest", "intent__name", "pk")
    }
    named = [
        (keys.get((pair.one.key, pair.one.label)), keys.get((pair.other.key, pair.other.label)), pair)
        for pair in pairs
    ]
    return [
        NearDuplicate(one_id=one, other_id=other, similarity=pair.similarity)
        for one, other, pair in named
        if one and other
    ]
