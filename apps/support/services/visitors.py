"""Who a visitor is: known by a signed token of ours, and by a number that the shop signs."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.streams.access import Guest, name_of
from apps.streams.services.notifications import tell_access_changed
from apps.support.errors import SupportError
from apps.support.models import Visitor

GUEST = "support"
SALT = "apps.support.visitor"
TOKEN_AGE = timedelta(days=180)
LONGEST_TOKEN = 400


class VisitorTokenError(SupportError):
    """Says nothing about why: a forged token learns no more than an old one."""

    code = "bad_token"

    def __init__(self) -> None:
        super().__init__(_("This token is wrong, expired or revoked. Begin a new session."))


class IdentityError(SupportError):
    code = "bad_identity"


@dataclass(frozen=True)
class Identity:
    """What the shop says of its customer; `signature` is the HMAC-SHA256 of `external_id` in hex."""

    external_id: str
    signature: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Session:
    visitor: Visitor
    token: str


@transaction.atomic
def open_session(
    *, at: datetime, known: Visitor | None = None, identity: Identity | None = None, language: str = ""
) -> Session:
    """A token for `known`, for the shop's customer, or for somebody new."""
    visitor = known if identity is None else _of_identity(identity, known)
    if visitor is None:
        visitor = Visitor(created_at=at)
    if identity is not None:
        visitor.external_id = identity.external_id
        visitor.name, visitor.email = identity.name or visitor.name, identity.email or visitor.email
    visitor.language = language or visitor.language
    visitor.seen_at = at
    visitor.save()
    return Session(visitor, make_token(visitor))


def guest_of(visitor: Visitor, address: str = "") -> Guest:
    """The visitor as a reader of their conversation's stream."""
    return Guest(app=GUEST, pk=visitor.pk, proof=str(visitor.token_version), address=address)


def make_token(visitor: Visitor) -> str:
    return signing.dumps([visitor.public_id.hex, visitor.token_version], salt=SALT)


def verify_token(token: str) -> Visitor:
    if not token or len(token) > LONGEST_TOKEN:
        raise VisitorTokenError
    try:
        public_id, version = signing.loads(token, salt=SALT, max_age=TOKEN_AGE)
    except signing.BadSignature:
        raise VisitorTokenError from None
    visitor = Visitor.objects.filter(public_id=UUID(public_id), erased_at=None).first()
    if visitor is None or visitor.token_version != version:
        raise VisitorTokenError
    return visitor


@transaction.atomic
def revoke_tokens(*, visitor: Visitor) -> None:
    """Every token that was given out before is worth nothing from now on, and open sockets end."""
    Visitor.objects.filter(pk=visitor.pk).update(token_version=F("token_version") + 1)
    transaction.on_commit(lambda: tell_access_changed(reader=name_of(guest_of(visitor))))


def identity_signature(external_id: str, secret: str) -> str:
    """What the shop's server computes, and its page hands to the widget."""
    return hmac.new(secret.encode(), external_id.encode(), hashlib.sha256).hexdigest()


def _of_identity(identity: Identity, known: Visitor | None) -> Visitor | None:
    secret: str = settings.SUPPORT_IDENTITY_SECRET
    if not secret:
        raise IdentityError(_("This site takes no identities: SUPPORT_IDENTITY_SECRET is not set."))
    expected = identity_signature(identity.external_id, secret)
    if not identity.external_id or not hmac.compare_digest(
        expected.encode(), identity.signature.encode(errors="replace")
    ):
        raise IdentityError(_("The signature does not belong to this customer number."))
    theirs = Visitor.objects.select_for_update().filter(external_id=identity.external_id).first()
    # Somebody anonymous who signs in keeps their conversation; somebody else's is never taken over.
    return theirs or (known if known is not None and not known.external_id else None)
