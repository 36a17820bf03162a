"""What travels over a stream's websocket."""

from typing import Any, Literal, TypedDict

from apps.streams.models import Event


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


class ErrorMessage(TypedDict):
    type: Literal["error"]
    code: str
    detail: str


class ResumeMessage(TypedDict):
    """A client says what it saw last: after a reconnect, or when a `seq` was missing."""

    type: Literal["resume"]
    after: int


class GrewMessage(TypedDict):
    """Inside the channel layer only: there is more in the stream than before."""

    type: Literal["stream.grew"]
    seq: int


ServerMessage = EventMessage | CaughtUpMessage | RefreshMessage | ErrorMessage


def event_message(stream: str, event: Event) -> EventMessage:
    return {
        "type": "event",
        "stream": stream,
        "seq": event.seq,
        "kind": event.kind,
        "payload": event.payload,
        "at": event.created_at.isoformat(),
    }


def read_resume(content: object) -> ResumeMessage | None:
    if not isinstance(content, dict) or content.get("type") != "resume":
        return None
    after = content.get("after")
    if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after < 2**63:
        return None
    return {"type": "resume", "after": after}
