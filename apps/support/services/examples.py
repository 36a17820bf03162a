"""How customers say an intent: examples come in, are judged, moved and taken out."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.support import access
from apps.support.errors import SupportError
from apps.support.models import Example, Intent, Message
from modelcore.data.normal import normalise


class EmptyExampleError(SupportError):
    code = "empty_example"


class InactiveIntentError(SupportError):
    code = "inactive_intent"


@dataclass(frozen=True)
class Saying:
    """A masked text, where it comes from, and who says that it belongs to an intent."""

    text: str
    source: Example.Source
    author: User | None
    message: Message | None = None


def digest_of(text: str) -> str:
    """The same for texts that differ in case, spacing and punctuation only."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def add_example(*, intent: Intent, saying: Saying, at: datetime) -> Example:
    """Add one way of saying an intent: approved if its author may teach, else for review.

    A text that the intent has already stays as it is; one that was rejected is up for review again.

    Raises:
        EmptyExampleError, InactiveIntentError: there is nothing to learn, or nothing to learn it for.
    """
    if not normalise(saying.text):
        raise EmptyExampleError(_("The text is empty; there is nothing to learn from it."))
    if not intent.is_active:
        raise InactiveIntentError(
            _("%(intent)s is not in use any more; choose another intent.") % {"intent": intent.title}
        )
    is_approved = saying.author is not None and access.may(saying.author, access.MAY_TEACH)
    judged = {
        "state": Example.State.APPROVED if is_approved else Example.State.PENDING,
        "reviewer": saying.author if is_approved else None,
        "reviewed_at": at if is_approved else None,
    }
    with transaction.atomic():
        example, is_new = Example.objects.select_for_update().get_or_create(
            intent=intent,
            digest=digest_of(saying.text),
            defaults={
                "text": saying.text.strip(),
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


def review_examples(*, ids: list[int], state: str, reviewer: User, at: datetime) -> int:
    """Approve or reject examples; returns how many were judged."""
    return Example.objects.filter(pk__in=ids).update(
        state=Example.State(state), reviewer=reviewer, reviewed_at=at
    )


def move_examples(*, ids: list[int], intent: Intent, reviewer: User, at: datetime) -> int:
    """Say that examples belong to another intent; what that has already is only rejected where it was.

    Raises:
        InactiveIntentError: that intent is not in use.
    """
    with transaction.atomic():
        moved = list(Example.objects.select_for_update().filter(pk__in=ids).exclude(intent=intent))
        for example in moved:
            saying = Saying(example.text, Example.Source(example.source), reviewer, example.message)
            add_example(intent=intent, saying=saying, at=at)
        review_examples(
            ids=[example.pk for example in moved], state=Example.State.REJECTED, reviewer=reviewer, at=at
        )
    return len(moved)


def keep_one_intent(*, example: Example, reviewer: User, at: datetime) -> int:
    """Of the intents that claim a text, let this example's have it; returns how many give it up."""
    with transaction.atomic():
        others = Example.objects.filter(digest=example.digest).exclude(pk=example.pk)
        given_up = others.exclude(state=Example.State.REJECTED).update(
            state=Example.State.REJECTED, reviewer=reviewer, reviewed_at=at
        )
        review_examples(ids=[example.pk], state=Example.State.APPROVED, reviewer=reviewer, at=at)
    return given_up
