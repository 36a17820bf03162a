"""What the shop says of its customer: a JSON text that it signs as a whole, good for some hours."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.support.errors import SupportError
from apps.support.texts import is_storable

LONGEST_TEXTS = {"external_id": 120, "name": 120, "email": 254}
LONGEST_LIFE_SECONDS = 24 * 3600
# The shop's clock and ours are never quite the same.
CLOCKS_DIFFER_SECONDS = 60


class IdentityError(SupportError):
    code = "bad_identity"


class OldIdentityError(IdentityError):
    """Signed once and no longer good: the shop signs anew with the next page."""

    code = "old_identity"

    def __init__(self) -> None:
        super().__init__(_("This page was made too long ago. Load it again."))


@dataclass(frozen=True)
class SignedIdentity:
    """As a page of the shop hands it over: `signature` is the HMAC-SHA256 of the text `customer` in hex."""

    customer: str
    signature: str


@dataclass(frozen=True)
class Identity:
    external_id: str
    name: str
    email: str
    issued_at: datetime


def identity_signature(customer: str, secret: str) -> str:
    """What the shop's server computes: of the text as it is, for JSON can be written in many ways."""
    return hmac.new(secret.encode(), customer.encode(errors="replace"), hashlib.sha256).hexdigest()


def read_identity(*, signed: SignedIdentity, at: datetime) -> Identity:
    """
    Raises:
        OldIdentityError: it was good once.
        IdentityError: the shop did not sign this, or signed something else than a customer.
    """
    secret: str = settings.SUPPORT_IDENTITY_SECRET
    if not secret:
        raise IdentityError(_("This site takes no identities: SUPPORT_IDENTITY_SECRET is not set."))
    expected = identity_signature(signed.customer, secret)
    if not hmac.compare_digest(expected.encode(), signed.signature.encode(errors="replace")):
        raise IdentityError(_("The signature does not belong to this customer."))
    claims = _claims(signed.customer)
    if not claims["expires"] > at.timestamp():
        raise OldIdentityError
    if not claims["issued"] <= at.timestamp() + CLOCKS_DIFFER_SECONDS:
        raise _wrong("issued")
    if not claims["expires"] <= claims["issued"] + LONGEST_LIFE_SECONDS:
        raise _wrong("expires")
    issued_at = datetime.fromtimestamp(claims["issued"], UTC)
    return Identity(claims["external_id"], claims["name"], claims["email"], issued_at)


def _claims(customer: str) -> dict[str, Any]:
    try:
        claims = json.loads(customer)
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise IdentityError(_("What the shop signed is no JSON object."))
    claims = {"name": "", "email": "", **claims}
    for field, longest in LONGEST_TEXTS.items():
        text = claims.get(field)
        if not isinstance(text, str) or len(text) > longest or not is_storable(text):
            raise _wrong(field)
    for field in ("issued", "expires"):
        if isinstance(claims.get(field), bool) or not isinstance(claims.get(field), int | float):
            raise _wrong(field)
    if not claims["external_id"]:
        raise _wrong("external_id")
    return claims


def _wrong(field: str) -> IdentityError:
    return IdentityError(_("The field %(field)s of what the shop signed is wrong.") % {"field": field})
