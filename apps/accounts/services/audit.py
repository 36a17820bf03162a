"""The trail of what people did: each entry carries the hash of the one before it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.locks import lock
from apps.accounts.models import AuditEntry, User

FIRST_HASH = "0" * 64


@dataclass(frozen=True)
class ChainReport:
    entries: int
    last_hash: str
    broken_at: int | None

    @property
    def is_intact(self) -> bool:
        return self.broken_at is None


@transaction.atomic
def record(*, actor: User | None, action: str, subject: str, detail: dict[str, Any]) -> AuditEntry:
    # Whoever appends waits for the one before, so that the chain has one end.
    lock("accounts.audit")
    last = AuditEntry.objects.order_by("-number").first()
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
        at=timezone.now(),
        actor=actor,
        action=action,
        subject=subject,
        detail=storable(detail),
        previous_hash=last.hash if last else FIRST_HASH,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry


def verify_chain() -> ChainReport:
    """Walk the whole trail: every number, every link and every hash."""
    previous, number = FIRST_HASH, 0
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=1000):
        number += 1
        if (entry.number, entry.previous_hash, entry.hash) != (number, previous, entry_hash(entry)):
            return ChainReport(entries=number, last_hash=previous, broken_at=entry.number)
        previous = entry.hash
    return ChainReport(entries=number, last_hash=previous, broken_at=None)


def entry_hash(entry: AuditEntry) -> str:
    content = {
        "number": entry.number,
        "at": timestamp(entry.at),
        "actor": entry.actor_id,
        # A key may change nothing; but so the entries are hashed from the first on.
        "key": None,
        "action": entry.action,
        "subject": entry.subject,
        "detail": storable(entry.detail),
        "previous": entry.previous_hash,
    }
    canonical = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def timestamp(at: datetime) -> int:
    """Microseconds since 1970: the same number whatever time zone the database answers in."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def storable(value: Any) -> Any:
    """The value as PostgreSQL's jsonb gives it back, so that hashing before and after agree.

    jsonb stores no NUL, and numbers as decimals: 1e16 comes back as a whole number.
    """
    if isinstance(value, dict):
        return {str(name).replace("\0", "\ufffd"): storable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
