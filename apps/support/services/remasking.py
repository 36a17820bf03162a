"""What was stored before a version looked for names is masked anew: examples, then all that copies them.

A pass is a row. A worker may die at any moment and another take the pass over: what the version has masked
is not masked again, and which words are still to be replaced elsewhere is told by the row.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.privacy.masking import Masker, masker, search_for_names
from apps.registry.services.erasure import rewrite_rows
from apps.registry.services.files import remove_remains
from apps.support.engine.sentences import digest_of
from apps.support.errors import SupportError
from apps.support.family_name import FAMILY
from apps.support.models import Decision, Example, Remasking
from apps.support.selectors.names import not_masked_by
from apps.support.services.indexes import erase_from_indexes
from apps.support.services.neighbours import rewrite_neighbours
from apps.support.services.remasking_copies import mask_copies

logger = logging.getLogger(__name__)

BATCH = 200
# A snapshot or an index that was being made of the words before is found by a second look.
LOOKED_AGAIN_AFTER = timedelta(minutes=10)
Judgement = Example.State


class NobodyLooksError(SupportError):
    code = "nobody_looks_for_names"


class RemaskingOpenError(SupportError):
    code = "remasking_open"


def start_remasking(*, actor: User | None, at: datetime) -> Remasking:
    """Ask a worker to mask all that is stored by the version that looks for names now.

    Raises:
        NobodyLooksError: no version does.
        RemaskingOpenError: it is being done.
    """
    version = search_for_names().wanted
    if version is None:
        raise NobodyLooksError(_("No version of Personal data is live; promote one first."))
    try:
        with transaction.atomic():
            remasking = Remasking.objects.create(version=version, actor=actor, requested_at=at)
            _audit("support.remasking_started", remasking)
    except IntegrityError as error:
        raise RemaskingOpenError(_("The examples are being masked anew; wait until that is done.")) from error
    return remasking


def finish_remaskings(*, at: datetime) -> int:
    """Do what was asked for; how many passes are done with that. Safe to run twice and at once."""
    done = 0
    for remasking in Remasking.objects.filter(done_at=None):
        with masker(waits=True) as names:
            if names.version is None:
                logger.error("nothing is masked anew: no version of Personal data answers")
                continue
            _mask_examples(remasking, names, names.version)
            done += _finish(remasking, mask_copies(names), at)
    return done


def _mask_examples(remasking: Remasking, names: Masker, version: int) -> None:
    stale = not_masked_by(version).order_by("pk")
    while batch := list(stale.values_list("pk", "text")[:BATCH]):
        masked = names.mask_all([text for _pk, text in batch])
        with transaction.atomic():
            held = Remasking.objects.select_for_update().get(pk=remasking.pk)
            changed = 0
            for (pk, before), after in zip(batch, masked, strict=True):
                changed += _mask_example(held, pk, before, after, version)
            held.version = version
            held.changed["examples"] = held.changed.get("examples", 0) + changed
            held.save(update_fields=["texts", "changed", "version"])


def _mask_example(held: Remasking, pk: int, before: str, after: str, version: int) -> bool:
    """Whether words went; one that was erased or masked meanwhile is left alone."""
    example = Example.objects.select_for_update().filter(pk=pk, text=before).first()
    if example is None:
        return False
    digest = digest_of(after)
    example.names_version = version
    if after == before:
        example.save(update_fields=["names_version"])
        return False
    held.texts[example.digest] = after
    twin = Example.objects.select_for_update().filter(intent=example.intent_id, digest=digest)
    other = twin.exclude(pk=pk).first()
    if other is not None:
        _merge(example, other)
        return True
    example.text, example.digest = after, digest
    example.save(update_fields=["text", "digest", "names_version"])
    return True


def _merge(example: Example, other: Example) -> None:
    """Two texts of an intent are one now: what was judged unlike is judged again."""
    states = {example.state, other.state}
    if states == {Judgement.APPROVED, Judgement.PENDING}:
        approved = example if example.state == Judgement.APPROVED else other
        other.state, other.reviewer, other.reviewed_at = (
            approved.state,
            approved.reviewer,
            approved.reviewed_at,
        )
    elif len(states) > 1:
        other.state, other.reviewer, other.reviewed_at = Judgement.PENDING, None, None
    other.message = other.message or example.message
    example.delete()
    other.save(update_fields=["state", "reviewer", "reviewed_at", "message"])


def _finish(remasking: Remasking, copies: dict[str, int], at: datetime) -> bool:
    held = Remasking.objects.get(pk=remasking.pk)
    texts: dict[str, str] = held.texts
    rows = rewrite_rows(
        family=FAMILY, rewritten=lambda text: texts.get(digest_of(text), text), at=at, actor=held.actor
    )
    entries = erase_from_indexes(digests=frozenset(texts), at=at)
    decisions = rewrite_neighbours(
        Decision.objects.filter(detail__has_key="questions"),
        lambda text: texts.get(digest_of(text), text),
    )
    remove_remains()
    counts = {**copies, "data set rows": rows, "index entries": entries, "decisions": decisions}
    return _end(remasking.pk, counts.items(), at)


@transaction.atomic
def _end(pk: int, counts: Iterable[tuple[str, int]], at: datetime) -> bool:
    held = Remasking.objects.select_for_update().get(pk=pk)
    if held.done_at is not None:
        return False
    for name, count in counts:
        held.changed[name] = held.changed.get(name, 0) + count
    is_done = at - held.requested_at >= LOOKED_AGAIN_AFTER or not held.texts
    if is_done:
        held.done_at, held.texts = at, {}
        _audit("support.remasking_done", held)
    held.save(update_fields=["changed", "done_at", "texts"])
    return is_done


def _audit(action: str, remasking: Remasking) -> None:
    """Counts alone: what was masked has no place in a trail that is never emptied."""
    audit.record(
        actor=remasking.actor,
        action=action,
        subject=f"remasking:{remasking.pk}",
        detail={"version": remasking.version, **remasking.changed},
    )
