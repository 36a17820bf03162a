"""What travels over a stream's websocket."""

import json
from collections.abc import Callable
from typing import Any, Literal, TypedDict, TypeGuard

from apps.streams.models import Event

LONGEST_NAME = 100


class EventMessage(TypedDict):
    type: Literal["event"]
    stream: str
    seq: int
    kind: str
    payload: Any
    at: str


class CaughtUpMessage(TypedDict):
    """All events up to `seq` have been sent."""

    type: Literal["caught_up"]
    stream: str
    seq: int


class RefreshMessage(TypedDict):
    """Too much was missed to send it event by event: read the page anew, then go on from `seq`."""

    type: Literal["refresh"]
    stream: str
    seq: int


class SignalMessage(TypedDict):
    """Of this moment alone, such as that somebody is typing: not stored, not repeated, not counted."""

    type: Literal["signal"]
    stream: str
    kind: str
    payload: Any


class SentMessage(TypedDict):
    type: Literal["sent"]
    client_id: str
    seq: int


class RefusedMessage(TypedDict):
    type: Literal["refused"]
    client_id: str
    code: str
    detail: str


class ErrorMessage(TypedDict):
    type: Literal["error"]
    code: str
    detail: str


class ResumeFrame(TypedDict):
    """A client says what it saw last: after a reconnect, or when a `seq` was missing."""

    type: Literal["resume"]
    after: int


class SendFrame(TypedDict):
    """To be stored once, however often it comes with this `client_id`."""

    type: Literal["send"]
    client_id: str
    payload: Any


class SignalFrame(TypedDict):
    type: Literal["signal"]
    kind: str
    payload: Any


class HelloFrame(TypedDict):
    """The first word of a guest: who they are, and what they saw last."""

    type: Literal["hello"]
    token: str
    after: int


class GrewMessage(TypedDict):
    """Inside the channel layer only: there is more in the stream than before."""

    type: Literal["stream.grew"]
    stream: str
    seq: int


class SignalledMessage(TypedDict):
    """Inside the channel layer only. `sender` is the socket that must not hear itself."""

    type: Literal["stream.signalled"]
    stream: str
    sender: str
    kind: str
    payload: Any


class AccessChangedMessage(TypedDict):
    """Inside the channel layer only: these readers' rights may have changed; None means anybody's."""

    type: Literal["access.changed"]
    reader: str | None


ServerMessage = (
    EventMessage
    | CaughtUpMessage
    | RefreshMessage
    | SignalMessage
    | SentMessage
    | RefusedMessage
    | ErrorMessage
)
ClientFrame = ResumeFrame | SendFrame | SignalFrame | HelloFrame
LayerMessage = GrewMessage | SignalledMessage | AccessChangedMessage

# Kept, because `json.dumps` makes one with each call.
_WRITER = json.JSONEncoder(ensure_ascii=False)


def event_message(stream: str, event: Event, payload: Any) -> EventMessage:
    return {
        "type": "event",
        "stream": stream,
        "seq": event.seq,
        "kind": event.kind,
        "payload": payload,
        "at": event.created_at.isoformat(),
    }


def as_text(message: ServerMessage) -> str:
    return _WRITER.encode(message)


def read_frame(text: str | None, longest: int) -> ClientFrame | None:
    """What a client said, or None if it's no frame of ours."""
    if not text or len(text) > longest:
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):  # also a number of more digits than Python reads
        return None
    if not isinstance(content, dict):
        return None
    readers: dict[str, Callable[[dict[str, Any]], ClientFrame | None]] = {
        "resume": _resume,
        "send": _send,
        "signal": _signal,
        "hello": _hello,
    }
    kind = content.get("type")
    return readers[kind](content) if isinstance(kind, str) and kind in readers else None


def _resume(content: dict[str, Any]) -> ResumeFrame | None:
    after = content.get("after")
    return ResumeFrame(type="resume", after=after) if _is_position(after) else None


def _send(content: dict[str, Any]) -> SendFrame | None:
    client_id = content.get("client_id")
    if not _is_name(client_id):
        return None
    return {"type": "send", "client_id": client_id, "payload": content.get("payload")}


def _signal(content: dict[str, Any]) -> SignalFrame | None:
    kind = content.get("kind")
    if not _is_name(kind):
        return None
    return {"type": "signal", "kind": kind, "payload": content.get("payload")}


def _hello(content: dict[str, Any]) -> HelloFrame | None:
    token, after = content.get("token"), content.get("after", 0)
    if not isinstance(token, str) or not token.isascii() or not _is_position(after):
        return None
    return {"type": "hello", "token": token, "after": after}


def _is_name(name: object) -> TypeGuard[str]:
    """Half of a surrogate pair could not be said back to its sender."""
    return isinstance(name, str) and 0 < len(name) <= LONGEST_NAME and not any(map(_is_surrogate, name))


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def _is_position(after: object) -> TypeGuard[int]:
    return isinstance(after, int) and not isinstance(after, bool) and 0 <= after < 2**63
