"""What each kind of stream is like: said by the app that writes it, when ready."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.accounts.models import User
from apps.streams.models import Event


@dataclass(frozen=True)
class Guest:
    """Somebody without an account, whom an app let in by a `proof` of its own that it can check again."""

    app: str
    pk: int
    proof: str
    # Of the network, to count by.
    address: str = ""


Reader = User | AnonymousUser | Guest
Asked = tuple[Reader, str]
# Of many readers and streams at once: a thousand sockets must not be a thousand queries.
Predicate = Callable[[Sequence[Asked]], list[bool]]


class RefusedError(Exception):
    """What a reader sent is not taken: `code` is for programs, str() for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True)
class Rendering:
    """What readers get in place of the stored payloads.

    Args:
        audience: of a reader: all readers of one audience get the same. No database is asked.
        payloads: for an audience, of events of one stream, in their order.
    """

    audience: Callable[[Reader], str]
    payloads: Callable[[str, str, Sequence[Event]], list[Any]]


@dataclass(frozen=True)
class Presence:
    """Who has the stream open.

    Args:
        member: the name under which a reader is counted.
        payload: for an audience, of the names that are here; None where readers are counted and not told.
    """

    member: Callable[[Reader], str]
    payload: Callable[[str, str, Iterable[str]], Any] | None = None


# Of reader, stream, client_id and payload; answers the `seq` under which it's stored, the same for the same
# client_id, or raises RefusedError.
TakeSend = Callable[[Reader, str, str, Any], int]
# Of reader, stream, kind and payload; answers what the others get, None for nothing, or raises RefusedError.
TakeSignal = Callable[[Reader, str, str, Any], dict[str, Any] | None]


@dataclass(frozen=True)
class StreamKind:
    """A kind that takes nothing from its readers has no `on_send` and `on_signal`."""

    prefix: str
    may_read: Predicate
    keep: timedelta | None = None
    rendering: Rendering | None = None
    presence: Presence | None = None
    on_send: TakeSend | None = None
    on_signal: TakeSignal | None = None

    def audience(self, reader: Reader) -> str:
        return self.rendering.audience(reader) if self.rendering is not None else ""

    def payloads(self, audience: str, stream: str, events: Sequence[Event]) -> list[Any]:
        if self.rendering is None:
            return [event.payload for event in events]
        return self.rendering.payloads(audience, stream, events)


_kinds: dict[str, StreamKind] = {}


def register(prefix: str, predicate: Predicate, *, keep: timedelta | None = None, **more: Any) -> None:
    """Streams are named `prefix:subject`; `predicate` may ask the database.

    Events older than `keep` are removed; without it they stay for ever, as a conversation does. `more` are
    further fields of StreamKind.
    """
    if ":" in prefix:
        raise ValueError(f"The prefix {prefix!r} must not contain a colon.")
    _kinds[prefix] = StreamKind(prefix=prefix, may_read=predicate, keep=keep, **more)


def kind_of(stream: str) -> StreamKind | None:
    prefix, colon, _subject = stream.partition(":")
    return _kinds.get(prefix) if colon else None


def still_may_follow(asked: Sequence[Asked], session_keys: Sequence[str]) -> list[bool]:
    """As `still_may_read`, of sockets: the session by which a person came must stand; a guest has none."""
    wanted = {key for key in session_keys if key}
    sessions = Session.objects.filter(session_key__in=wanted, expire_date__gt=timezone.now())
    standing = set(sessions.values_list("session_key", flat=True)) if wanted else set()
    allowed = zip(asked, session_keys, still_may_read(asked), strict=True)
    return [may and (key in standing or not isinstance(reader, User)) for (reader, _), key, may in allowed]


def still_may_read(asked: Sequence[Asked]) -> list[bool]:
    """Asked of the tables as they are now: roles change and people leave while their socket is open."""
    people = {reader.pk for reader, _ in asked if isinstance(reader, User)}
    active = User.objects.filter(is_active=True).in_bulk(people) if people else {}
    answers = [False] * len(asked)
    by_kind: dict[StreamKind, list[tuple[int, Asked]]] = defaultdict(list)
    for place, (reader, stream) in enumerate(asked):
        current, kind = _as_of_now(reader, active), kind_of(stream)
        if current is not None and kind is not None:
            by_kind[kind].append((place, (current, stream)))
    for kind, of_kind in by_kind.items():
        for (place, _), may in zip(of_kind, kind.may_read([one for _, one in of_kind]), strict=True):
            answers[place] = may
    return answers


def _as_of_now(reader: Reader, active: dict[int, User]) -> Reader | None:
    """A new password ends what was opened with the one before, as it ends sessions."""
    if not isinstance(reader, User):
        return reader
    current = active.get(reader.pk)
    return current if current is not None and current.password == reader.password else None


def name_of(reader: Reader) -> str:
    """`user:12`, or the guest of an app: `support:7`."""
    return f"{reader.app}:{reader.pk}" if isinstance(reader, Guest) else f"user:{reader.pk}"


def kinds_that_forget() -> dict[str, timedelta]:
    return {kind.prefix: kind.keep for kind in _kinds.values() if kind.keep is not None}
