"""Two agents, the bot and the customer at one conversation at once, in many interleavings.

Half of them are drawn step by step from a seed, one transaction after the other; in the other half each of
the four runs in a thread of its own and PostgreSQL decides. The conversation's stream is then walked from its
start: whoever wrote a message owned the conversation at that number, a bot's reply answers a message once,
and the owner in the table is the one that the stream ends with.

    python -m benchmarks.ownership [--interleavings 10000] [--seed 0]
"""

import argparse
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Report, Row, conclude
from benchmarks.site.people import make_agents
from benchmarks.site.running import closed_site

if TYPE_CHECKING:  # models are there once Django is set up
    from apps.accounts.models import User
    from apps.support.models import Conversation

# One transaction after each step.
Steps = Iterator[None]


@dataclass
class Tally:
    """What was seen over all interleavings."""

    interleavings: int = 0
    broken: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interleavings", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, closed_site(Path(folder), throw_away=True):
        agents = make_agents("first", "second")
        tally = Tally()
        for number in range(asked.interleavings):
            interleave(f"{asked.seed} {number}", agents, tally, is_threaded=number % 2 == 1)
            if tally.interleavings % 500 == 0:
                print(f"{tally.interleavings}: {dict(tally.done)}, broken {len(tally.broken)}", flush=True)
    conclude(_report(tally, asked.interleavings, time.monotonic() - started))


def _report(tally: Tally, wanted: int, seconds: float) -> Report:
    done = tally.done
    rows = [
        Row("interleavings", tally.interleavings, wanted),
        Row(
            "with two owners, a late bot reply or a message of somebody else",
            len(tally.broken),
            0,
            at_least=False,
        ),
        Row("takes that won", done["taken"]),
        Row("takes that came too late", done["too late"]),
        Row("bot replies", done["replied"]),
        Row("bot replies that were held back", done["held back"]),
        Row("seconds", seconds, unit="s"),
    ]
    title = "Two agents, the bot and the customer at one conversation"
    return Report("ownership", title, rows, {"broken": tally.broken[:50], "done": dict(done)})


def interleave(seed: str, agents: "tuple[User, ...]", tally: Tally, *, is_threaded: bool) -> None:
    from django.utils import timezone

    from apps.support.services.conversations import start_conversation
    from apps.support.services.messages import send_customer_message
    from apps.support.services.sessions import open_session

    chance = random.Random(seed)
    at = timezone.now()
    conversation = start_conversation(visitor=open_session(at=at).visitor, at=at)
    send_customer_message(conversation=conversation, client_id="first", body="Where is my parcel?", at=at)
    actors = [
        bot(conversation, random.Random(f"{seed} bot"), tally),
        agent(conversation, agents, random.Random(f"{seed} first"), tally),
        agent(conversation, agents[::-1], random.Random(f"{seed} second"), tally),
        customer(conversation, random.Random(f"{seed} customer")),
    ]
    if is_threaded:
        _run_in_threads(actors, chance)
    else:
        _run_in_steps(actors, chance)
    tally.interleavings += 1
    tally.broken += [f"{seed}: {text}" for text in broken_promises(conversation)]


def _run_in_steps(actors: list[Steps], chance: random.Random) -> None:
    left = list(actors)
    while left:
        one = chance.choice(left)
        if next(one, StopIteration) is StopIteration:
            left.remove(one)


def _run_in_threads(actors: list[Steps], chance: random.Random) -> None:
    """All at once, each with pauses of its own; what one of them raises rises here."""
    from django.db import connection

    failures: list[BaseException] = []
    together = threading.Barrier(len(actors))

    def run(steps: Steps, pauses: random.Random) -> None:
        try:
            together.wait()
            for _ in steps:
                time.sleep(pauses.uniform(0, 0.004))
        except BaseException as error:  # noqa: BLE001 -- told to the thread that waits
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(steps, random.Random(chance.random()))) for steps in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def bot(conversation: "Conversation", chance: random.Random, tally: Tally) -> Steps:
    """Reads, thinks, and answers or hands over what it read, as long as something waits for it."""
    from django.utils import timezone

    from apps.support.services.messages import reply_as_bot
    from apps.support.services.ownership import hand_to_queue

    for _ in range(3):
        message = conversation.messages.filter(awaits_bot=True).order_by("seq").first()
        yield
        if message is None:
            continue
        if chance.random() < 0.8:
            is_done = reply_as_bot(message=message, reply="It is on its way.", at=timezone.now()) is not None
            tally.done["replied" if is_done else "held back"] += 1
        else:
            told = {"reason": "wants_person", "intent": "", "summary": {}}
            handed = hand_to_queue(conversation=conversation, message=message, at=timezone.now(), **told)  # type: ignore[arg-type]  # one value is a dict
            tally.done["handed over" if handed is not None else "held back"] += 1
        yield


def agent(
    conversation: "Conversation", who: "tuple[User, ...]", chance: random.Random, tally: Tally
) -> Steps:
    """Looks, takes what they saw, writes, and gives it away again now and then."""
    from django.utils import timezone

    from apps.support.models import Conversation
    from apps.support.services.messages import send_agent_message
    from apps.support.services.ownership import (
        AlreadyTakenError,
        NotOwnerError,
        return_to_queue,
        take_conversation,
        transfer_conversation,
    )

    user, other = who

    def write(number: str) -> None:
        send_agent_message(
            conversation=conversation, user=user, client_id=number, body="I am here.", at=timezone.now()
        )

    def give_back() -> None:
        return_to_queue(conversation=conversation, actor=user, at=timezone.now())

    def pass_on() -> None:
        transfer_conversation(conversation=conversation, actor=user, to=other, at=timezone.now())

    for attempt in range(2):
        revision = Conversation.objects.values_list("revision", flat=True).get(pk=conversation.pk)
        yield
        try:
            take_conversation(conversation=conversation, user=user, revision=revision, at=timezone.now())
        except AlreadyTakenError:
            tally.done["too late"] += 1
        else:
            tally.done["taken"] += 1
        yield
        work: list[Callable[[], None]] = [lambda n=f"{user.pk}-{attempt}": write(n)]  # type: ignore[misc]  # mypy guesses no lambda with a default
        if chance.random() < 0.4:
            work.append(chance.choice((give_back, pass_on)))
        for do in work:
            try:
                do()
            except NotOwnerError:
                tally.done["not theirs"] += 1
            yield


def customer(conversation: "Conversation", chance: random.Random) -> Steps:
    from django.utils import timezone

    from apps.support.services.messages import send_customer_message

    for number in range(chance.randint(1, 3)):
        yield
        send_customer_message(
            conversation=conversation, client_id=str(number), body="Hello?", at=timezone.now()
        )


def broken_promises(conversation: "Conversation") -> list[str]:
    """What the stream says against what was promised."""
    from apps.streams.models import Event
    from apps.support.models import Message

    messages = {message.seq: message for message in Message.objects.filter(conversation=conversation.pk)}
    owner: tuple[str, int | None] = ("bot", None)
    broken = []
    for event in Event.objects.filter(stream__name=conversation.stream).order_by("seq"):
        if event.kind == "owner":
            owner = (event.payload["owner"], event.payload["agent"])
        if event.kind != "message" or messages[event.seq].author == Message.Author.CUSTOMER:
            continue
        author = (str(messages[event.seq].author), messages[event.seq].user_id)
        if author != owner:
            broken.append(f"{event.seq} was written by {author} while {owner} had it")
    answered = [one.answers_seq for one in messages.values() if one.answers_seq is not None]
    if len(answered) != len(set(answered)):
        broken.append(f"answered twice: {answered}")
    conversation.refresh_from_db()
    if (conversation.owner, conversation.agent_id) != owner:
        broken.append(f"the table says {conversation.owner} {conversation.agent_id}, the stream {owner}")
    if conversation.owner != "bot" and conversation.messages.filter(awaits_bot=True).exists():
        broken.append("something awaits a bot that does not own it")
    return broken


if __name__ == "__main__":
    main()
