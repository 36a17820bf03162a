import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import ApiKey, User
from apps.accounts.services import audit

KEY_START = "brt_"
KEY_BYTES = 32
PREFIX_LENGTH = 12
# Exact enough to find keys that nobody uses, and one write a minute instead of one a request.
LAST_USED_STEP = timedelta(minutes=1)


class KeyIssueError(ValueError):
    """A key that cannot be issued; str() says which field is wrong."""


@dataclass(frozen=True)
class IssuedKey:
    key: ApiKey
    raw: str


def known_families() -> set[str]:
    """What a key may be for: an app that has families names them in its AppConfig, as `key_families`."""
    return {name for config in apps.get_app_configs() for name in getattr(config, "key_families", tuple)()}


@transaction.atomic
def issue_key(
    *,
    name: str,
    families: Sequence[str],
    rate_per_minute: int,
    created_by: User,
    expires_at: datetime | None = None,
) -> IssuedKey:
    """`raw` exists here alone: what is stored cannot be turned back into it."""
    if not name.strip():
        raise KeyIssueError(_("Give the key a name that says which program uses it."))
    if rate_per_minute < 1:
        raise KeyIssueError(_("The requests a minute must be 1 or more."))
    raw = KEY_START + secrets.token_urlsafe(KEY_BYTES)
    key = ApiKey.objects.create(
        name=name.strip(),
        prefix=raw[:PREFIX_LENGTH],
        digest=key_digest(raw),
        families=list(families),
        rate_per_minute=rate_per_minute,
        created_by=created_by,
        expires_at=expires_at,
    )
    detail = {"families": list(families), "rate_per_minute": rate_per_minute}
    audit.record(actor=created_by, action="key.issued", subject=f"key:{key.pk}", detail=detail)
    return IssuedKey(key=key, raw=raw)


@transaction.atomic
def revoke_key(*, key: ApiKey, actor: User, at: datetime) -> bool:
    """False when it was revoked before."""
    changed = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at)
    if changed:
        audit.record(actor=actor, action="key.revoked", subject=f"key:{key.pk}", detail={})
    return bool(changed)


def authenticate_key(raw: str) -> ApiKey | None:
    """The usable key that `raw` is; None says nothing about whether there ever was one."""
    if not raw.startswith(KEY_START):
        return None
    now = timezone.now()
    key = ApiKey.objects.filter(digest=key_digest(raw)).select_related("created_by").first()
    # A key acts for the person who made it, so it ends when they leave.
    if key is None or not key.is_usable(now) or not key.created_by.is_active:
        return None
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_STEP)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return key


def was_issued(raw: str) -> bool:
    """Whether there ever was such a key, usable or not: who shows one doesn't guess."""
    return ApiKey.objects.filter(digest=key_digest(raw)).exists()


def key_digest(raw: str) -> str:
    """Plain SHA-256 is enough for 32 random bytes: there is no word list to try."""
    return hashlib.sha256(raw.encode(errors="replace")).hexdigest()
