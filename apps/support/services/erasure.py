"""A customer is forgotten: at once in every table, soon after in data sets, indexes and their files.

What was counted stays without words: a conversation keeps its times, its intent and how it ended.
"""

from datetime import datetime, timedelta
from functools import cache, partial
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.registry.services.erasure import erase_rows
from apps.registry.services.files import remove_remains
from apps.streams.sweeps import sweep
from apps.support import access
from apps.support.engine.clustering import title_of
from apps.support.engine.sentences import digest_of
from apps.support.family_name import FAMILY
from apps.support.models import (
    AnswerSuggestion,
    Conversation,
    Decision,
    Draft,
    Erasure,
    Example,
    HandOver,
    IntentSuggestion,
    Message,
    Note,
    Remasking,
    Tag,
    Visitor,
)
from apps.support.models.decisions import NEIGHBOURS
from apps.support.services.conversations import hold_messages, lock_conversation, tell_desk
from apps.support.services.corrections import question_of
from apps.support.services.imports import erase_from_imports, waits_for_masking
from apps.support.services.indexes import erase_from_indexes
from apps.support.services.neighbours import rewrite_neighbours
from apps.support.services.status import resolve
from apps.support.services.templates import retire_wordings
from apps.support.services.visitors import revoke_tokens

# A snapshot or an index that was being made of rows read before is found by a second look.
LOOKED_AGAIN_AFTER = timedelta(hours=1)
# Decisions that began before the customer was erased may be written after.
LATE = timedelta(minutes=5)


@transaction.atomic
def erase_customer(*, visitor: Visitor, actor: User | None, at: datetime) -> Erasure:
    """Empty every row that holds what the customer said or who they are; again, nothing changes.

    Args:
        actor: None on the command line.

    Raises:
        NotAllowedError: the actor may not erase.
    """
    if actor is not None:
        access.require(actor, access.MAY_ERASE)
    held = Visitor.objects.select_for_update().get(pk=visitor.pk)
    if held.erased_at is not None:
        return Erasure.objects.get(visitor=held)
    conversations = [lock_conversation(pk) for pk in _keys(held.conversations.order_by("pk"))]
    messages = Message.objects.filter(conversation__visitor=held)
    hold_messages(messages)
    suggestions = _hold_suggestions(messages)
    passes = list(Remasking.objects.select_for_update().filter(done_at=None))
    # Read under these locks: nobody makes another example of what was said.
    taught = _examples_of(messages)
    digests = _only_theirs(taught)
    digests += _before_passes(passes, set(digests))
    _hide_in_grounds(set(taught.values_list("text", flat=True)))
    removed = _empty_knowledge(messages, suggestions, taught) | _empty_conversations(held, messages)
    for conversation in conversations:
        _close(conversation, at)
    _empty_visitor(held, at)
    erasure = Erasure.objects.create(
        visitor=held, actor=actor, requested_at=at, digests=digests, removed=removed
    )
    _audit("support.customer_erased", erasure)
    return erasure


def finish_erasures(*, at: datetime) -> int:
    """Take what is erased out of data sets, indexes and the store; how many erasures are done with that.

    Safe to run twice and at once, and after a crash at any moment.
    """
    due = Q(looked_at=None) | Q(requested_at__lte=at - LOOKED_AGAIN_AFTER)
    return sweep(Erasure.objects.filter(due, done_at=None), lambda erasure: _finish(erasure, at))


def _finish(erasure: Erasure, at: datetime) -> bool:
    digests = frozenset(erasure.digests)
    # Asked before anything is looked through: a file may be masked meanwhile.
    is_hidden = waits_for_masking(since=erasure.requested_at)
    # Of most customers nothing was learned.
    found = _take_out(digests, erasure, at) if digests else {}
    remove_remains()
    with transaction.atomic():
        held = Erasure.objects.select_for_update().get(pk=erasure.pk)
        if held.done_at is not None:
            return False
        for name, count in found.items():
            held.removed[name] = held.removed.get(name, 0) + count
        held.looked_at = at
        is_late = at - held.requested_at >= LOOKED_AGAIN_AFTER
        is_done = not digests or (is_late and not is_hidden)
        if is_done:
            held.done_at, held.digests = at, []
        held.save(update_fields=["removed", "looked_at", "done_at", "digests"])
        if is_done:
            _audit("support.customer_erasure_done", held)
    return is_done


def _take_out(digests: frozenset[str], erasure: Erasure, at: datetime) -> dict[str, int]:
    """Of what examples were copied to: counts by where that was."""

    @cache  # hundreds of data sets hold the same texts.
    def is_erased(text: str) -> bool:
        return digest_of(text) in digests

    found = {
        "imported rows": erase_from_imports(digests=digests),
        "data set rows": erase_rows(family=FAMILY, is_erased=is_erased, at=at, actor=erasure.actor),
        "index entries": erase_from_indexes(digests=digests, at=at),
    }
    _hide_in_late_grounds(digests, since=erasure.requested_at - LATE)
    return found


def _keys(rows: QuerySet[Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _hold_suggestions(messages: QuerySet[Message]) -> list[IntentSuggestion]:
    keys = set(_keys(IntentSuggestion.objects.filter(messages__in=messages)))
    return list(IntentSuggestion.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _examples_of(messages: QuerySet[Message]) -> QuerySet[Example]:
    """Taken from the messages, or made of a suggestion that holds them."""
    said = {digest_of(text) for text in _questions_of(messages)}
    suggested = Q(message=None, source=Example.Source.SUGGESTION, digest__in=said)
    return Example.objects.filter(pk__in=_keys(Example.objects.filter(Q(message__in=messages) | suggested)))


def _questions_of(messages: QuerySet[Message]) -> set[str]:
    """What the messages say, masked, whole and in the parts that were decided."""
    decisions = Decision.objects.filter(message__in=messages).select_related("message")
    return {*messages.values_list("masked", flat=True), *map(question_of, decisions)}


def _only_theirs(taught: QuerySet[Example]) -> list[str]:
    """Digests of the examples that nobody else gave: what others said, too, stays."""
    digests = set(taught.values_list("digest", flat=True))
    others = Example.objects.filter(digest__in=digests).exclude(pk__in=_keys(taught))
    return sorted(digests - set(others.values_list("digest", flat=True)))


def _before_passes(passes: list[Remasking], digests: set[str]) -> list[str]:
    """Digests of what these texts were until they were masked anew: their copies may not have followed."""
    found: list[str] = []
    for one in passes:
        before = [digest for digest, text in one.texts.items() if digest_of(text) in digests]
        one.texts = {digest: text for digest, text in one.texts.items() if digest not in before}
        one.save(update_fields=["texts"])
        found += before
    return found


def _hide_in_grounds(texts: set[str]) -> None:
    """Decisions about others' questions name the nearest examples; these lose their words there."""
    named = Decision.objects.alias(neighbours=NEIGHBOURS).filter(neighbours__has_any_keys=sorted(texts))
    rewrite_neighbours(named, partial(_without, texts))


def _hide_in_late_grounds(digests: frozenset[str], since: datetime) -> None:
    """Of decisions that were made with an index from before."""
    late = Decision.objects.filter(created_at__gte=since)
    rewrite_neighbours(late, lambda told: "" if digest_of(told) in digests else told)


def _without(texts: set[str], told: str) -> str:
    return "" if told in texts else told


def _empty_knowledge(
    messages: QuerySet[Message], suggestions: list[IntentSuggestion], taught: QuerySet[Example]
) -> dict[str, int]:
    texts = _questions_of(messages)
    said = set(_keys(messages))
    for suggestion in suggestions:
        staying = [
            (text, origin)
            for text, origin in zip_longest(suggestion.texts, suggestion.origins)
            if text not in texts and origin not in said
        ]
        suggestion.texts = [text for text, _origin in staying]
        suggestion.origins = [origin for _text, origin in staying]
        suggestion.title = title_of(suggestion.texts) if suggestion.texts else ""
        suggestion.save(update_fields=["texts", "origins", "title"])
        suggestion.messages.remove(*messages)
    answers, _by_model = AnswerSuggestion.objects.filter(message__in=messages).delete()
    examples, _by_model = taught.delete()
    retired = retire_wordings(origins=messages)
    return {"examples": examples, "suggestions": len(suggestions) + answers, "answers": retired}


def _empty_conversations(held: Visitor, messages: QuerySet[Message]) -> dict[str, int]:
    of_theirs = {"conversation__visitor": held}
    notes, _by_model = Note.objects.filter(**of_theirs).delete()
    drafts, _by_model = Draft.objects.filter(**of_theirs).delete()
    HandOver.objects.filter(**of_theirs).update(summary={})
    Decision.objects.filter(message__in=messages).update(detail={})
    held.conversations.update(rating_comment="")
    _drop_tags(held)
    emptied = messages.update(
        body="",
        masked="",
        awaits_bot=False,
        awaits_suggestion=False,
        client_id=Concat(Value("erased:"), Cast("seq", TextField())),
    )
    return {"messages": emptied, "notes": notes, "drafts": drafts}


def _drop_tags(held: Visitor) -> None:
    """Those that no other customer has: agents make tags up, and one may say who it is."""
    others = Conversation.objects.exclude(visitor=held)
    theirs = Tag.objects.filter(conversations__visitor=held).exclude(conversations__in=others)
    Tag.objects.filter(pk__in=_keys(theirs)).delete()


def _close(conversation: Conversation, at: datetime) -> None:
    conversation.rating_comment = ""
    if conversation.status != Conversation.Status.RESOLVED:
        resolve(conversation, Conversation.Resolution.NO_ANSWER_NEEDED, at)
    tell_desk(conversation)


def _empty_visitor(held: Visitor, at: datetime) -> None:
    held.external_id = held.name = held.email = ""
    held.context, held.context_at, held.erased_at = {}, None, at
    held.save()
    revoke_tokens(visitor=held)


def _audit(action: str, erasure: Erasure) -> None:
    audit.record(
        actor=erasure.actor,
        action=action,
        subject=str(erasure.visitor.public_id),
        detail=erasure.removed,
    )
