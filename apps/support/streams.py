"""What the streams of the service are like: who reads them, as what, and what they may send."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.streams import access as streams
from apps.streams.access import Asked, Guest, Presence, Reader, RefusedError, Rendering
from apps.support import access
from apps.support.errors import SupportError
from apps.support.limits import spend_message, spend_request
from apps.support.models import Conversation
from apps.support.models.conversations import CONSOLE, CONVERSATION
from apps.support.selectors import rendering
from apps.support.selectors.agents import display_name, those_who_may
from apps.support.services.answering_soon import see_to_soon
from apps.support.services.messages import send_agent_message, send_customer_message
from apps.support.services.reading import mark_read
from apps.support.services.visitors import GUEST

# Lists are read from the tables; their news has been seen by then.
KEEP_DESK = timedelta(days=1)
# Whoever stopped typing says nothing: others forget it after this.
TYPING_SECONDS = 6


def register() -> None:
    told = partial(Presence, member=rendering.presence_member)
    streams.register(
        CONVERSATION,
        may_read_conversations,
        rendering=Rendering(rendering.audience, rendering.payloads),
        presence=told(payload=rendering.present),
        on_send=take_message,
        on_signal=take_signal,
    )
    streams.register(
        CONSOLE,
        are_agents,
        presence=told(payload=rendering.present_agents),
        on_signal=take_typing_agent,
    )
    streams.register("desk", are_agents, presence=told(), keep=KEEP_DESK)


def are_agents(asked: Sequence[Asked]) -> list[bool]:
    people = {reader.pk for reader, _ in asked if isinstance(reader, User)}
    agents = those_who_may(access.MAY_READ, people)
    return [isinstance(reader, User) and reader.pk in agents for reader, _ in asked]


def may_read_conversations(asked: Sequence[Asked]) -> list[bool]:
    """Agents all of them; visitors their own, whose tokens were not revoked and who were not erased."""
    guests = {place: guest for place, (guest, _) in enumerate(asked) if isinstance(guest, Guest)}
    names = {place: _public_id(asked[place][1]) for place in guests}
    named = [name for name in names.values() if name is not None]
    found = Conversation.objects.filter(public_id__in=named, visitor__erased_at=None)
    own = set(found.values_list("public_id", "visitor_id", "visitor__token_version")) if guests else set()
    answers = are_agents(asked)
    for place, guest in guests.items():
        key = (names[place], guest.pk, int(guest.proof))
        answers[place] = guest.app == GUEST and key in own
    return answers


def take_message(reader: Reader, stream: str, client_id: str, payload: Any) -> int:
    body = body_of(payload)
    conversation = _conversation(reader, stream)
    at = timezone.now()
    try:
        if isinstance(reader, Guest):
            spend_message(reader.pk, reader.address)
            message = send_customer_message(conversation=conversation, client_id=client_id, body=body, at=at)
            see_to_soon(message)
        else:
            message = send_agent_message(
                conversation=conversation, user=_worker(reader), client_id=client_id, body=body, at=at
            )
    except SupportError as error:
        raise RefusedError(error.code, str(error)) from error
    return message.seq


def body_of(payload: Any) -> str:
    body = payload.get("body") if isinstance(payload, dict) else None
    if not isinstance(body, str):
        raise RefusedError("bad_body", _("The payload must be an object with the text as `body`."))
    return body


def take_signal(reader: Reader, stream: str, kind: str, payload: Any) -> dict[str, Any] | None:
    """Typing and read marks, of either side."""
    is_customer = isinstance(reader, Guest)
    side = "customer" if is_customer else "agent"
    if isinstance(reader, Guest):
        try:
            spend_request(reader.pk, reader.address)
        except SupportError as error:
            raise RefusedError(error.code, str(error)) from error
    if kind == "typing":
        name = "" if is_customer else display_name(_worker(reader))
        return {"author": side, "name": name, "seconds": TYPING_SECONDS}
    seq = payload.get("seq") if isinstance(payload, dict) else None
    if kind != "read" or not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq < 2**63:
        raise RefusedError("bad_signal", _("Signals are `typing`, and `read` with the last seq as `seq`."))
    if not is_customer:
        _worker(reader)
    conversation = _conversation(reader, stream)
    return {"side": side, "seq": mark_read(conversation=conversation, is_customer=is_customer, seq=seq)}


def take_typing_agent(reader: Reader, stream: str, kind: str, payload: Any) -> dict[str, Any] | None:
    """So that two agents who write to the same customer see each other do it."""
    if kind != "typing":
        raise RefusedError("bad_signal", _("The only signal here is `typing`."))
    worker = _worker(reader)
    return {"id": worker.pk, "name": display_name(worker), "seconds": TYPING_SECONDS}


def _worker(reader: Reader) -> User:
    # Asked of the table: a socket's user keeps the rights that they came with.
    if isinstance(reader, User) and those_who_may(access.MAY_WORK, {reader.pk}):
        return reader
    raise RefusedError("not_allowed", _("You may read this conversation and not write in it."))


def _conversation(reader: Reader, stream: str) -> Conversation:
    public_id = _public_id(stream)
    known = Conversation.objects.only("pk", "visitor_id")
    conversation = known.filter(public_id=public_id).first() if public_id else None
    if conversation is None or (isinstance(reader, Guest) and conversation.visitor_id != reader.pk):
        raise RefusedError("not_found", _("There is no such conversation."))
    return conversation


def _public_id(stream: str) -> UUID | None:
    try:
        return UUID(stream.partition(":")[2])
    except ValueError:
        return None
