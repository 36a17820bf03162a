"""What readers of a conversation get: its customer what was said, agents the same without personal data."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Value

from apps.accounts.models import User
from apps.streams.access import Guest, Reader
from apps.streams.models import Event
from apps.support.models import Decision, Message
from apps.support.selectors.agents import CUSTOMER, agents_among, display_name, presence_name

FOR_CUSTOMER, FOR_AGENTS = "customer", "agents"


@dataclass(frozen=True)
class _Told:
    """What events of one stream are told with.

    Args:
        stream: its name.
        messages: by their seq; `is_answer` where the bot answered, rather than asked back or greeted.
        names: of agents, by their number.
    """

    stream: str
    messages: Mapping[int, Any]
    names: Mapping[int, str]


def audience(reader: Reader) -> str:
    return FOR_CUSTOMER if isinstance(reader, Guest) else FOR_AGENTS


def payloads(audience: str, stream: str, events: Sequence[Event]) -> list[Any]:
    """Of a conversation's events. Erased messages are told as empty ones: their numbers stay."""
    told = _Told(stream, _messages(stream, events), _names(events))
    render = {"message": _message, "owner": _owner}
    return [
        render[event.kind](audience, event, told) if event.kind in render else event.payload
        for event in events
    ]


def present(audience: str, stream: str, names: Iterable[str]) -> dict[str, Any]:
    """Who has the conversation open. A customer can tell whether that is who answers them, and no other."""
    everybody = list(names)
    agents = agents_among(everybody)
    if audience == FOR_CUSTOMER:
        return {"agents": sorted(_key(stream, pk) for pk in agents)}
    return {"is_customer_here": CUSTOMER in everybody, "agents": _listed(agents)}


def present_agents(audience: str, stream: str, names: Iterable[str]) -> dict[str, Any]:
    return {"agents": _listed(agents_among(list(names)))}


def presence_member(reader: Reader) -> str:
    return presence_name(reader) if isinstance(reader, User) else CUSTOMER


def _key(stream: str, agent: int) -> str:
    """Of an agent in this conversation alone."""
    return hashlib.sha256(f"{stream} {agent}".encode()).hexdigest()[:16]


def _listed(agents: dict[int, str]) -> list[dict[str, Any]]:
    return [{"id": pk, "name": name} for pk, name in sorted(agents.items())]


def _messages(stream: str, events: Sequence[Event]) -> dict[int, Any]:
    told = {event.seq: event.payload["author"] for event in events if event.kind == "message"}
    if not told:
        return {}
    _prefix, _colon, public_id = stream.partition(":")
    found = Message.objects.filter(conversation__public_id=public_id, seq__in=list(told))
    authors = set(told.values())
    if Message.Author.AGENT in authors:
        found = found.select_related("user")
    answered: Any = Value(value=False)
    if Message.Author.BOT in authors:
        answered = Exists(
            Decision.objects.filter(
                message__conversation=OuterRef("conversation"),
                message__seq=OuterRef("answers_seq"),
                action=Decision.Action.ANSWER,
            )
        )
    return {message.seq: message for message in found.order_by().annotate(is_answer=answered)}


def _names(events: Sequence[Event]) -> dict[int, str]:
    agents = {event.payload.get("agent") for event in events if event.kind == "owner"} - {None}
    if not agents:
        return {}
    return {user.pk: display_name(user) for user in User.objects.filter(pk__in=agents)}


def _message(audience: str, event: Event, told: _Told) -> Any:
    message = told.messages.get(event.seq)
    if message is None:
        return {
            "author": event.payload["author"],
            "name": "",
            "body": "",
            "client_id": "",
            "answers_seq": None,
            "is_answer": False,
        }
    payload = {
        "author": message.author,
        "name": display_name(message.user) if message.user is not None else "",
        "body": message.body if audience == FOR_CUSTOMER else message.masked,
        "client_id": message.client_id,
        "answers_seq": message.answers_seq,
        "is_answer": message.is_answer,
    }
    return payload if audience == FOR_CUSTOMER else {**payload, "id": message.pk}


def _owner(_audience: str, event: Event, told: _Told) -> Any:
    agent = event.payload.get("agent") or 0
    return {
        "owner": event.payload["owner"],
        "agent": _key(told.stream, agent) if agent else "",
        "name": told.names.get(agent, ""),
        # Events from before it was told have none.
        "is_given": event.payload.get("is_given", False),
    }
