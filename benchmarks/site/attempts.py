"""What attackers may try: requests and sockets of visitors, drawn from a seed.

Any method, path, header, body or frame, with the numbers of the victims' conversations, visitors and streams
wherever something can be named, and tokens that are the attackers' own or bent copies of the victims'.
"""

import json
import random
from dataclasses import dataclass
from typing import Any

SECRET = "zaffre-quokka"
VICTIMS = 5
# Enough that the limit of one is not what keeps them out.
ATTACKERS = 100
SOCKET_SHARE = 0.3
PATHS = (
    "session",
    "events",
    "messages",
    "form",
    "rating",
    "resolution",
    "read",
    "transcript",
    "../console",
)


@dataclass(frozen=True)
class World:
    """What the attackers have, and what they have found out about the victims."""

    mine: tuple[str, ...]
    victims: tuple[str, ...]
    tokens: tuple[str, ...]

    def names(self, chance: random.Random) -> str:
        """Of something of a victim's, in one of the spellings that a program might fall for."""
        one = chance.choice(self.victims)
        return chance.choice(
            (one, f"conversation:{one}", f"console:{one}", "desk:support", f"%20{one}", f"{one}\0")
        )


@dataclass(frozen=True)
class Attempt:
    """An HTTP request, or a socket with the frames that are sent over it."""

    path: str
    headers: dict[str, str]
    method: str = "GET"
    body: bytes | None = None
    frames: tuple[str, ...] = ()

    @property
    def is_socket(self) -> bool:
        return bool(self.frames)


def make_world() -> World:
    """Victims with a secret each, and attackers who have conversations as well."""
    from django.utils import timezone

    from apps.support.models import Message
    from apps.support.services.conversations import start_conversation
    from apps.support.services.messages import send_customer_message
    from apps.support.services.sessions import open_session

    at = timezone.now()
    sessions = [open_session(at=at) for _ in range(ATTACKERS + VICTIMS)]
    conversations = [start_conversation(visitor=session.visitor, at=at) for session in sessions]
    for number, conversation in enumerate(conversations):
        body = SECRET if number >= ATTACKERS else "nothing to see"
        send_customer_message(conversation=conversation, client_id="first", body=body, at=at)
    # The bot has no part in this.
    Message.objects.update(awaits_bot=False)
    victims = [str(one.public_id) for one in conversations[ATTACKERS:]]
    victims += [str(session.visitor.public_id) for session in sessions[ATTACKERS:]]
    tokens = [session.token for session in sessions]
    return World(tuple(tokens[:ATTACKERS]), tuple(victims), tuple(tokens[ATTACKERS:]))


def draw(world: World, chance: random.Random) -> Attempt:
    return _draw_socket(world, chance) if chance.random() < SOCKET_SHARE else _draw_request(world, chance)


def _draw_request(world: World, chance: random.Random) -> Attempt:
    name = world.names(chance)
    asked = chance.choice(("", "?after=0", f"?after=0&conversation={name}", f"?stream={name}&visitor={name}"))
    path = f"/support/widget/{chance.choice(PATHS)}{chance.choice(('', '', '', '', '/' + name))}{asked}"
    headers = {"Authorization": f"Bearer {_token(world, chance)}", "Content-Type": "application/json"}
    if chance.random() < 0.2:
        headers |= {"X-Visitor": name, "Cookie": f"visitor={name}", "Origin": "https://evil.example"}
    method = chance.choice(("GET",) * 6 + ("POST",) * 6 + ("PUT", "DELETE", "OPTIONS", "HEAD"))
    body = None if method in ("GET", "HEAD") else json.dumps(_fields(world, chance)).encode()
    return Attempt(path.replace("\0", "%00").replace(" ", "%20"), headers, method, body)


def _draw_socket(world: World, chance: random.Random) -> Attempt:
    name = world.names(chance).replace("\0", "").replace("%20", "")
    path = chance.choice(
        ("/ws/support/visitor/", f"/ws/streams/{name}/", f"/ws/support/visitor/?stream={name}")
    )
    hello = {
        "type": "hello",
        "token": _token(world, chance),
        "after": 0,
        "stream": name,
        "conversation": name,
    }
    others: list[dict[str, Any]] = [
        {"type": "resume", "after": 0, "stream": name},
        {"type": "send", "client_id": "first", "payload": _fields(world, chance), "stream": name},
        {"type": "signal", "kind": "read", "payload": {"seq": 1, "conversation": name}},
        {"type": "stream.grew", "seq": 1},
        {"type": name, "after": -1},
    ]
    frames = [hello, *chance.sample(others, 2)] if chance.random() < 0.8 else chance.sample(others, 2)
    return Attempt(path, {}, frames=tuple(json.dumps(frame) for frame in frames))


def _token(world: World, chance: random.Random) -> str:
    """An attacker's own, nothing, or a victim's with something changed: never one that is whole."""
    whole = chance.choice(world.tokens)
    place = chance.randrange(len(whole) - 1)
    head, _colon, signature = whole.rpartition(":")
    own = chance.choice(world.mine)
    mine = own.rpartition(":")
    return chance.choice(
        (
            own,
            own,
            own,
            own,
            own,
            own,
            "",
            # The last character of base64 holds bits that mean nothing, so it is left as it is.
            whole[:place] + chr((ord(whole[place]) + 1) % 94 + 33) + whole[place + 1 :],
            f"{head}:{mine[2]}",
            f"{mine[0]}:{signature}",
            head,
            chance.choice(world.victims),
        )
    )


def _fields(world: World, chance: random.Random) -> dict[str, Any]:
    name = world.names(chance)
    value: Any = chance.choice(
        (name, 1, -1, None, [], {"external_id": name}, True, "x" * chance.choice((1, 300)), 2**70)
    )
    fields = {
        "client_id": chance.choice(("first", name, value)),
        "body": chance.choice(("hello", value)),
        "conversation": name,
        "visitor": name,
        "stream": name,
        "seq": value,
        "rating": value,
        "is_solved": value,
        "email": "me@example.com",
        "name": value,
        "identity": {"customer": f'{{"external_id": "{name}"}}', "signature": name}
        if chance.random() < 0.3
        else value,
    }
    return {key: fields[key] for key in chance.sample(sorted(fields), chance.randint(1, len(fields)))}
