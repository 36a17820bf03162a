"""How customers say an intent: examples come in, are judged, moved and taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.privacy.masking import Masker, masker
from apps.support import access
from apps.support.engine.sentences import digest_of
from apps.support.errors import SupportError
from apps.support.models import Example, Intent, Message
from apps.support.services.conversations import hold_messages
from modelcore.data.normal import normalise

AT_ONCE = 200


class EmptyExampleError(SupportError):
    code = "empty_example"


class TooManyExamplesError(SupportError):
    code = "too_many_examples"


class InactiveIntentError(SupportError):
    code = "inactive_intent"


@dataclass(frozen=True)
class Saying:
    """A text, where it comes from, and who says that it belongs to an intent."""

    text: str
    source: Example.Source
    author: User | None
    message: Message | None = None


def add_example(*, intent: Intent, saying: Saying, at: datetime) -> Example:
    """Add one way of saying an intent, masked: approved if its author may teach, else for review.

    Where names could not be looked for now, it waits for review whoever added it. A text that the intent has
    already stays as it is; one that was rejected is up for review again.

    Raises:
        EmptyExampleError, InactiveIntentError: there is nothing to learn, or nothing to learn it for.
    """
    with masker() as names:
        masked = names.mask(saying.text)
    return _add(intent, saying, masked.strip(), names, at)


def _add(intent: Intent, saying: Saying, text: str, names: Masker, at: datetime) -> Example:
    """With its text as `names` masked it."""
    if not normalise(text):
        raise EmptyExampleError(_("The text is empty; there is nothing to learn from it."))
    if not intent.is_active:
        raise InactiveIntentError(
            _("%(intent)s is not in use any more; choose another intent.") % {"intent": intent.title}
        )
    may_teach = saying.author is not None and access.may(saying.author, access.MAY_TEACH)
    is_approved = may_teach and not names.has_missed
    judged = {
        "state": Example.State.APPROVED if is_approved else Example.State.PENDING,
        "reviewer": saying.author if is_approved else None,
        "reviewed_at": at if is_approved else None,
    }
    with transaction.atomic():
        example, is_new = Example.objects.select_for_update().get_or_create(
            intent=intent,
            digest=digest_of(text),
            defaults={
                "text": text,
                "names_version": names.version,
                "source": saying.source,
                "message": saying.message,
                "author": saying.author,
                "created_at": at,
                **judged,
            },
        )
        raises = {
            Example.State.REJECTED: True,
            Example.State.PENDING: is_approved,
            Example.State.APPROVED: False,
        }
        if not is_new and raises[Example.State(example.state)]:
            for name, value in judged.items():
                setattr(example, name, value)
            example.save(update_fields=list(judged))
    return example


def add_examples(*, intent: Intent, texts: Sequence[str], author: User, at: datetime) -> int:
    """Add what somebody wrote by hand, all of it or nothing; returns how many the intent did not have.

    Raises:
        EmptyExampleError, InactiveIntentError: as `add_example` does.
        TooManyExamplesError: there are more than `AT_ONCE`.
    """
    if not texts:
        raise EmptyExampleError(_("The text is empty; there is nothing to learn from it."))
    if len(texts) > AT_ONCE:
        raise TooManyExamplesError(
            _("These are %(count)s examples; add up to %(most)s at once, or import them as a file.")
            % {"count": len(texts), "most": AT_ONCE}
        )
    with masker() as names:
        masked = names.mask_all(texts)
    with transaction.atomic():
        examples = [
            _add(intent, Saying(text, Example.Source.MANUAL, author), text.strip(), names, at)
            for text in masked
        ]
    return len({one.pk for one in examples if at in (one.created_at, one.reviewed_at)})


def review_examples(*, ids: list[int], state: str, reviewer: User, at: datetime) -> int:
    """Approve or reject examples; returns how many were judged."""
    judgement = Example.State(state)
    with transaction.atomic():
        judged = _judge(Example.objects.filter(pk__in=ids), judgement, reviewer, at)
        if judged:
            _audit(reviewer, f"support.examples_{judgement}", "examples", {"examples": judged})
    return len(judged)


def move_examples(*, ids: list[int], intent: Intent, reviewer: User, at: datetime) -> int:
    """Say that examples belong to another intent; what that has already is only rejected where it was.

    Raises:
        InactiveIntentError: that intent is not in use.
    """
    with transaction.atomic():
        hold_messages(Message.objects.filter(examples__in=ids))
        moved = list(
            Example.objects.select_for_update(of=("self",))
            .select_related("intent")
            .filter(pk__in=ids)
            .exclude(intent=intent)
        )
        for example in moved:
            saying = Saying(example.text, Example.Source(example.source), reviewer, example.message)
            add_example(intent=intent, saying=saying, at=at)
        keys = [example.pk for example in moved]
        _judge(Example.objects.filter(pk__in=keys), Example.State.REJECTED, reviewer, at)
        if moved:
            left = sorted({example.intent.name for example in moved})
            _audit(reviewer, "support.examples_moved", intent.name, {"examples": keys, "from": left})
    return len(moved)


def keep_one_intent(*, example: Example, reviewer: User, at: datetime) -> int:
    """Of the intents that claim a text, let this example's have it; returns how many give it up."""
    with transaction.atomic():
        others = Example.objects.filter(digest=example.digest).exclude(pk=example.pk)
        given_up = _judge(others.exclude(state=Example.State.REJECTED), Example.State.REJECTED, reviewer, at)
        _judge(Example.objects.filter(pk=example.pk), Example.State.APPROVED, reviewer, at)
        detail = {"example": example.pk, "given_up": given_up}
        _audit(reviewer, "support.example_kept", example.intent.name, detail)
    return len(given_up)


def _judge(examples: QuerySet[Example], state: Example.State, reviewer: User, at: datetime) -> list[int]:
    """The keys of those that were judged."""
    keys = list(examples.order_by("pk").values_list("pk", flat=True))
    Example.objects.filter(pk__in=keys).update(state=state, reviewer=reviewer, reviewed_at=at)
    return keys


def _audit(reviewer: User, action: str, subject: str, detail: dict[str, Any]) -> None:
    """By their keys: what customers said, masked or not, has no place in a trail that is never emptied."""
    audit.record(actor=reviewer, action=action, subject=subject, detail=detail)
