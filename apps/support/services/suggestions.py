"""New intents that unanswered questions point to: grouped, then named, merged or dismissed by the lead."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.locks import lock
from apps.accounts.models import User
from apps.accounts.services import audit
from apps.privacy.masking import masker
from apps.support.engine.clustering import MOST, Cluster, cluster, title_of
from apps.support.engine.decision import Reason
from apps.support.engine.sentences import digest_of
from apps.support.errors import AlreadyDecidedError
from apps.support.models import (
    Decision,
    Erasure,
    Example,
    Intent,
    IntentSuggestion,
    KnowledgeImport,
    Message,
    SuggestionRound,
)
from apps.support.services.conversations import hold_messages
from apps.support.services.corrections import question_of
from apps.support.services.examples import Saying, add_example
from apps.support.services.intents import create_intent
from modelcore.data import by_script

logger = logging.getLogger(__name__)

ASKED_WITHIN = timedelta(days=30)
# What people wanted of people, and what was said in passing, is no unanswered question.
NOT_QUESTIONS = (
    Reason.WANTS_PERSON,
    Reason.HOLD_OUT,
    Reason.EMPTY,
    Reason.GREETING,
    Reason.THANKS,
    Reason.GOODBYE,
    Reason.IDENTITY,
    Reason.MOMENT,
    Reason.NOT_SOLVED,
)


@dataclass(frozen=True)
class Unanswered:
    text: str
    message: Message | None


def ask_for_suggestions(*, actor: User, at: datetime) -> SuggestionRound:
    """Ask a worker to group the unanswered questions; while one is at it, nobody else has to."""
    found, _is_new = SuggestionRound.objects.get_or_create(
        done_at=None, defaults={"actor": actor, "asked_at": at}
    )
    return found


def finish_rounds(*, at: datetime) -> int:
    """Do what was asked for; how many rounds are done with that. Safe to run twice and at once.

    A round that fails ends with that, and the groups stay as they were: the next may be asked for.
    """
    done = 0
    for one in SuggestionRound.objects.filter(done_at=None):
        try:
            ended: dict[str, int | bool] = {"questions": suggest_intents(at=at)}
        except Exception:
            logger.exception("the look for new intents %s failed", one.pk)
            ended = {"has_failed": True}
        open_still = SuggestionRound.objects.filter(pk=one.pk, done_at=None)
        done += open_still.update(done_at=at, **ended)
    return done


def suggest_intents(*, at: datetime) -> int:
    """Group the unanswered questions of the last weeks anew; what was decided stays decided.

    That takes a while: who was erased meanwhile is in no group.

    Returns:
        How many questions were compared.
    """
    questions = unanswered_questions(at=at)
    groups = _groups([one.text for one in questions])
    asked = [one.message.pk for one in questions if one.message is not None]
    with transaction.atomic():
        # Two groupings follow one another, so that one replaces the other.
        lock("support.suggestions")
        said = hold_messages(Message.objects.filter(pk__in=asked))
        kept = {place for place, one in enumerate(questions) if one.message is None or one.message.pk in said}
        IntentSuggestion.objects.filter(state=IntentSuggestion.State.OPEN).delete()
        for group in groups:
            members = [questions[place] for place in group.places if place in kept]
            if members:
                _suggest(members, group.cohesion, at)
    return len(questions)


def _groups(texts: Sequence[str]) -> list[Cluster]:
    from modelcore.training.frozen import features_of

    return [
        Cluster(tuple(int(places[one]) for one in found.places), found.cohesion)
        for places in by_script(texts)
        for found in cluster(features_of([texts[place] for place in places]))
    ]


def unanswered_questions(*, at: datetime) -> list[Unanswered]:
    """Masked questions that were handed over or came unlabelled, each once and none that is known by now."""
    handed_over = (
        Decision.objects.filter(
            created_at__gt=at - ASKED_WITHIN,
            action=Decision.Action.HAND_OVER,
            corrected_intent__isnull=True,
        )
        .exclude(reason__in=NOT_QUESTIONS)
        .select_related("message")
        .order_by("-created_at")[:MOST]
    )
    found = [Unanswered(question_of(decision), decision.message) for decision in handed_over]
    imports = KnowledgeImport.objects.filter(
        imported_at__gt=at - ASKED_WITHIN, kind=KnowledgeImport.Kind.DIALOGUES
    )
    said = [row["question"] for one in imports for row in one.rows if not row["intent"]]
    erased = _erased()
    found += [Unanswered(text, None) for text in said if digest_of(text) not in erased]
    with masker(waits=True) as names:
        masked = names.mask_all([one.text for one in found])
    found = [Unanswered(text, one.message) for text, one in zip(masked, found, strict=True)]
    by_digest = {digest_of(one.text): one for one in reversed(found) if any(map(str.isalpha, one.text))}
    known = set(Example.objects.filter(digest__in=by_digest).values_list("digest", flat=True))
    known |= _dismissed()
    return [one for digest, one in by_digest.items() if digest not in known][:MOST]


def accept_suggestion(
    *, suggestion_id: int, intent: Intent | None, title: str, actor: User, at: datetime
) -> Intent:
    """Make its questions examples of an intent, of a new one unless one is given.

    Raises:
        AlreadyDecidedError: somebody was faster, or the questions were grouped anew.
        SupportError: the new intent has no title, or its name is taken.
    """
    with transaction.atomic():
        locked = _lock_open(suggestion_id)
        chosen = intent or create_intent(title=title, at=at)
        messages = Message.objects.in_bulk([key for key in locked.origins if key])
        for text, origin in zip_longest(locked.texts, locked.origins):
            if text.strip():
                saying = Saying(text, Example.Source.SUGGESTION, actor, messages.get(origin))
                add_example(intent=chosen, saying=saying, at=at)
        IntentSuggestion.objects.filter(pk=suggestion_id).update(
            state=IntentSuggestion.State.ACCEPTED, intent=chosen, decided_at=at
        )
        audit.record(
            actor=actor,
            action="support.suggestion_accepted",
            # Named after what a customer said, perhaps; the trail is never erased.
            subject=f"intent:{chosen.pk}",
            detail={"suggestion": suggestion_id, "questions": len(locked.texts)},
        )
    return chosen


def dismiss_suggestion(*, suggestion_id: int, at: datetime) -> None:
    """Its questions are not suggested again.

    Raises:
        AlreadyDecidedError: somebody was faster, or the questions were grouped anew.
    """
    with transaction.atomic():
        _lock_open(suggestion_id)
        IntentSuggestion.objects.filter(pk=suggestion_id).update(
            state=IntentSuggestion.State.DISMISSED, decided_at=at
        )


def _suggest(members: list[Unanswered], cohesion: float, at: datetime) -> None:
    texts = [one.text for one in members]
    suggestion = IntentSuggestion.objects.create(
        title=title_of(texts),
        cohesion=cohesion,
        texts=texts,
        origins=[one.message and one.message.pk for one in members],
        created_at=at,
    )
    suggestion.messages.set([one.message for one in members if one.message is not None])


def _lock_open(suggestion_id: int) -> IntentSuggestion:
    locked = IntentSuggestion.objects.select_for_update().filter(pk=suggestion_id).first()
    if locked is None:
        raise AlreadyDecidedError(_("The questions were grouped anew meanwhile. Look at the groups again."))
    if locked.state != IntentSuggestion.State.OPEN:
        raise AlreadyDecidedError(_("This suggestion was decided already."))
    return locked


def _dismissed() -> set[str]:
    dismissed = IntentSuggestion.objects.filter(state=IntentSuggestion.State.DISMISSED)
    return {digest_of(text) for texts in dismissed.values_list("texts", flat=True) for text in texts}


def _erased() -> set[str]:
    """Digests of what imported files may still hold, until a worker has taken it out."""
    waiting = Erasure.objects.filter(done_at=None).values_list("digests", flat=True)
    return {digest for digests in waiting for digest in digests}
