"""Who a visitor is: known by a signed token of ours."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.streams.access import Guest, name_of
from apps.streams.services.notifications import tell_access_changed
from apps.support import access
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


def hold_visitor(visitor: Visitor) -> Visitor:
    """Their row, locked in the caller's transaction, if what they showed is still worth something.

    Raises:
        VisitorTokenError: since they were let in, they were erased or their tokens revoked.
    """
    current = Visitor.objects.filter(erased_at=None, token_version=visitor.token_version)
    held = current.select_for_update().filter(pk=visitor.pk).first()
    if held is None:
        raise VisitorTokenError
    return held


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


@transaction.atomic
def end_sessions(*, visitor: Visitor, actor: User, at: datetime) -> None:
    """Whoever holds a token of this customer, on a lost telephone for instance, reads no more with it.

    Nor do they get another one with what the shop signed for its pages until now.

    Raises:
        NotAllowedError: the actor may not.
    """
    access.require(actor, access.MAY_ERASE)
    Visitor.objects.filter(pk=visitor.pk).update(sessions_ended_at=at)
    revoke_tokens(visitor=visitor)
    audit.record(actor=actor, action="support.sessions_ended", subject=str(visitor.public_id), detail={})
