"""How a visitor's session begins: with a token for who they are, and with what they said before."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from apps.support.engine.decision import Reason
from apps.support.engine.languages import language_of
from apps.support.models import Conversation, Visitor
from apps.support.services.conversations import lock_conversation, tell_desk
from apps.support.services.identities import Identity, OldIdentityError, SignedIdentity, read_identity
from apps.support.services.ownership import give_to_queue
from apps.support.services.status import resolve
from apps.support.services.summaries import latest_decided, latest_summary, name_intent
from apps.support.services.visitors import hold_visitor, make_token, revoke_tokens


@dataclass(frozen=True)
class Session:
    visitor: Visitor
    token: str


def open_session(
    *, at: datetime, known: Visitor | None = None, signed: SignedIdentity | None = None, language: str = ""
) -> Session:
    """A token for `known`, for the shop's customer, or for somebody new.

    Raises:
        VisitorTokenError: `known` was erased meanwhile, or their tokens revoked.
        IdentityError: what is `signed` is not, or no longer, to be believed.
    """
    identity = read_identity(signed=signed, at=at) if signed is not None else None
    try:
        return _open_session(at, known, identity, language)
    except IntegrityError:
        # Another of this customer's first sessions was faster: they are known now.
        return _open_session(at, known, identity, language)


@transaction.atomic
def _open_session(at: datetime, known: Visitor | None, identity: Identity | None, language: str) -> Session:
    held = hold_visitor(known) if known is not None else None
    visitor = held if identity is None else _of_identity(identity, held)
    if visitor is None:
        visitor = Visitor(created_at=at)
    if identity is not None:
        visitor.external_id = identity.external_id
        visitor.name, visitor.email = identity.name or visitor.name, identity.email or visitor.email
    visitor.language = language_of(language) or visitor.language
    visitor.seen_at = at
    visitor.save()
    if held is not None and held != visitor:
        _go_on_in_one(visitor, at)
    return Session(visitor, make_token(visitor))


def _of_identity(identity: Identity, known: Visitor | None) -> Visitor | None:
    theirs = Visitor.objects.select_for_update().filter(external_id=identity.external_id).first()
    ended_at = theirs.sessions_ended_at if theirs is not None else None
    if ended_at is not None and identity.issued_at < ended_at:
        raise OldIdentityError
    # Somebody anonymous who signs in keeps their conversations; somebody else's are never taken over.
    anonymous = known if known is not None and not known.external_id else None
    if anonymous is None:
        return theirs
    # Whoever else holds the token of then, in a browser that several people use, reads nothing of theirs.
    revoke_tokens(visitor=anonymous)
    if theirs is None:
        anonymous.refresh_from_db(fields=["token_version"])
        return anonymous
    _bring_along(anonymous, theirs)
    return theirs


def _bring_along(anonymous: Visitor, theirs: Visitor) -> None:
    """What was said before signing in is the customer's, also where they are erased some day."""
    anonymous.conversations.update(visitor=theirs)
    theirs.name, theirs.email = theirs.name or anonymous.name, theirs.email or anonymous.email
    anonymous.name = anonymous.email = ""
    anonymous.save(update_fields=["name", "email"])


def _go_on_in_one(visitor: Visitor, at: datetime) -> None:
    """Their chat shows the newest of what is not over: the others end as its duplicates, and what people had
    there waits for them in the newest, where the bot has that."""
    unresolved = visitor.conversations.exclude(status=Conversation.Status.RESOLVED)
    held = [lock_conversation(pk) for pk in unresolved.order_by("pk").values_list("pk", flat=True)]
    going_on = [one for one in held if one.status != Conversation.Status.RESOLVED]
    if len(going_on) < 2:
        return
    newest, *older = sorted(going_on, key=lambda one: (one.created_at, one.pk), reverse=True)
    for one in older:
        if one.owner != Conversation.Owner.BOT and newest.owner == Conversation.Owner.BOT:
            name_intent(newest, one.intent or newest.intent)
            summary = latest_summary(one, latest_decided(one))
            give_to_queue(newest, reason=Reason.JOINED, summary=summary, at=at)
        resolve(one, Conversation.Resolution.DUPLICATE, at)
    for one in going_on:
        tell_desk(one)
