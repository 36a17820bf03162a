"""Who may read which stream and how long it is kept: said by the app that writes it, when ready."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User

Reader = User | AnonymousUser
Predicate = Callable[[Reader, str], bool]


@dataclass(frozen=True)
class StreamKind:
    prefix: str
    may_read: Predicate
    keep: timedelta | None


_kinds: dict[str, StreamKind] = {}


def register(prefix: str, predicate: Predicate, *, keep: timedelta | None = None) -> None:
    """Streams are named `prefix:subject`; `predicate(user, stream)` may ask the database.

    Events older than `keep` are removed; without it they stay for ever, as a conversation does.
    """
    if ":" in prefix:
        raise ValueError(f"The prefix {prefix!r} must not contain a colon.")
    _kinds[prefix] = StreamKind(prefix=prefix, may_read=predicate, keep=keep)


def may_read(user: Reader, stream: str) -> bool:
    prefix, colon, _subject = stream.partition(":")
    kind = _kinds.get(prefix)
    return bool(colon) and kind is not None and kind.may_read(user, stream)


def kinds_that_forget() -> dict[str, timedelta]:
    return {kind.prefix: kind.keep for kind in _kinds.values() if kind.keep is not None}
