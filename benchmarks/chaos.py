"""Conversations while sockets drop, frames come twice and late, and web, worker and Redis are killed (-9).

Real processes, PostgreSQL and Redis, as `make demo` runs them. Customers talk over HTTP and websocket, agents
over websocket, and everybody sends again what was not confirmed. In the end each side's transcript is held
against the table: nothing lost, nothing twice, nothing out of order, both transcripts the same.

    python -m benchmarks.chaos [--messages 100000] [--conversations 2000] [--kills-every 25] [--seed 0]
        [--no-report]

The last line of the output is JSON; the exit status is 1 when a promise was broken.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.report import Report, Row, publish
from benchmarks.site.people import Talk, start_talks
from benchmarks.site.running import Site, open_site
from benchmarks.site.talkers import Counts, Said, Side

AT_ONCE = 60
ONE_WEB_PROCESS = "one web process"
KILLED = ("web", ONE_WEB_PROCESS, "worker-short", "redis")
CATCH_UP_SECONDS = 60.0


@dataclass
class Outcome:
    """What was found, in conversations in which each side says `turns` messages.

    `heard` are both transcripts of each conversation, by its number.
    """

    turns: int
    messages: int = 0
    lost: int = 0
    twice: int = 0
    out_of_order: int = 0
    transcripts_that_differ: int = 0
    violations: list[str] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    counts: Counts = field(default_factory=Counts)
    heard: dict[int, tuple[list[Said], list[Said]]] = field(default_factory=dict)
    seconds: float = 0.0


def main() -> None:
    asked = _arguments()
    outcome = Outcome(turns=max(1, asked.messages // (2 * asked.conversations)))
    with tempfile.TemporaryDirectory() as folder, open_site(Path(folder)) as site:
        talks = start_talks(asked.conversations)
        asyncio.run(run(site, talks, asked, outcome))
        judge(talks, outcome)
    found = report(outcome, asked)
    if not asked.no_report:
        publish(found)
    print(json.dumps(summary(outcome)))
    sys.exit(bool(found.missed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--conversations", type=int, default=2_000)
    parser.add_argument("--kills-every", type=float, default=25.0, help="seconds, on average")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-report", action="store_true")
    return parser.parse_args()


async def run(site: Site, talks: list[Talk], asked: argparse.Namespace, outcome: Outcome) -> None:
    started = time.monotonic()
    killing = asyncio.create_task(kill_now_and_then(site, outcome, asked))
    room = asyncio.Semaphore(AT_ONCE)

    async def one(talk: Talk) -> None:
        async with room:
            outcome.heard[talk.number] = await hold(site, talk, outcome, asked.seed)
            if len(outcome.heard) % 50 == 0:
                said = len(outcome.heard) * 2 * outcome.turns
                rate = said / (time.monotonic() - started)
                print(f"{said} messages, {rate:.0f}/s, kills {dict(outcome.kills)}", flush=True)

    await asyncio.gather(*(one(talk) for talk in talks))
    killing.cancel()
    outcome.seconds = time.monotonic() - started


async def kill_now_and_then(site: Site, outcome: Outcome, asked: argparse.Namespace) -> None:
    """Each of them in turn, at moments that nobody expects; down for up to two seconds."""
    chance = random.Random(f"kills {asked.seed}")
    while True:
        for name in chance.sample(KILLED, len(KILLED)):
            await asyncio.sleep(chance.uniform(0.5, 1.5) * asked.kills_every)
            outcome.kills[name] += 1
            if name == ONE_WEB_PROCESS:
                await kill_one_web_process(site, chance)
                continue
            site.kill(name)
            await asyncio.sleep(chance.uniform(0.1, 2.0))
            site.revive(name)


async def kill_one_web_process(site: Site, chance: random.Random) -> None:
    """The others go on, and the server puts a new one in its place."""
    while not (sharing := site.sharing("web")):  # it has only just been started itself
        await asyncio.sleep(0.1)
    chance.choice(sharing).kill()


async def hold(site: Site, talk: Talk, outcome: Outcome, seed: int) -> tuple[list[Said], list[Said]]:
    """The whole of one conversation; returns both transcripts."""
    sides = _sides(site, talk, outcome.counts, seed)
    listening = [asyncio.create_task(side.listen()) for side in sides]
    await asyncio.gather(*(_talk(side, outcome.turns) for side in sides))
    end = max(max(side.stored.values(), default=0) for side in sides)
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while any(side.last_seq < end for side in sides) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    outcome.violations += [f"{talk.number}: {text}" for side in sides for text in side.violations]
    return sides[0].heard, sides[1].heard


def _sides(site: Site, talk: Talk, counts: Counts, seed: int) -> tuple[Side, Side]:
    sockets = site.plan.address.replace("http", "ws")
    origin = {"Origin": site.plan.address}
    customer = Side(
        "customer",
        f"{sockets}/ws/support/visitor/",
        origin,
        random.Random(f"{seed} {talk.number} customer"),
        counts,
        token=talk.token,
        http=f"{site.plan.address}/support/widget/messages",
    )
    agent = Side(
        "agent",
        f"{sockets}/ws/streams/{talk.stream}/",
        {**origin, "Cookie": talk.cookie},
        random.Random(f"{seed} {talk.number} agent"),
        counts,
    )
    return customer, agent


async def _talk(side: Side, turns: int) -> None:
    for turn in range(turns):
        await side.say(f"{side.author}-{turn}", body_of(side.author, turn))


def body_of(author: str, turn: int) -> str:
    """Numbers in letters, for digits might be taken for somebody's."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(turn))
    return f"{author} says {letters}"


def judge(talks: list[Talk], outcome: Outcome) -> None:
    """The table against what was meant to be said, and each side's transcript against the table."""
    from apps.support.models import Message

    for talk in talks:
        stored: list[Said] = list(
            Message.objects.filter(conversation=talk.pk).order_by("seq").values_list("seq", "author", "body")
        )
        outcome.messages += len(stored)
        for author in ("customer", "agent"):
            meant = [body_of(author, turn) for turn in range(outcome.turns)]
            said = [body for _seq, one, body in stored if one == author]
            outcome.lost += len(set(meant) - set(said))
            outcome.twice += len(said) - len(set(said))
            outcome.out_of_order += list(dict.fromkeys(said)) != meant
        customer, agent = outcome.heard[talk.number]
        outcome.transcripts_that_differ += not (customer == agent == stored)


def summary(outcome: Outcome) -> dict[str, Any]:
    return {
        "messages": outcome.messages,
        "lost": outcome.lost,
        "twice": outcome.twice,
        "out_of_order": outcome.out_of_order,
        "transcripts_that_differ": outcome.transcripts_that_differ,
        "violations": outcome.violations[:20],
        "kills": dict(outcome.kills),
        **vars(outcome.counts),
        "seconds": round(outcome.seconds, 1),
    }


def report(outcome: Outcome, asked: argparse.Namespace) -> Report:
    rows = [
        Row("messages stored", outcome.messages, 2 * outcome.turns * asked.conversations),
        Row("messages lost", outcome.lost, 0, at_least=False),
        Row("messages stored twice", outcome.twice, 0, at_least=False),
        Row("conversations out of order", outcome.out_of_order, 0, at_least=False),
        Row("transcripts that differ", outcome.transcripts_that_differ, 0, at_least=False),
        Row("numbers left out, heard twice, or refused", len(outcome.violations), 0, at_least=False),
        Row("kills of web, one of its processes, worker and Redis", outcome.kills.total()),
        Row("sockets dropped by their owners", outcome.counts.drops),
        Row("sockets ended by the server", outcome.counts.cut_off),
        Row("frames sent twice or again later", outcome.counts.doubles + outcome.counts.late),
        Row("messages a second", outcome.messages / outcome.seconds, unit="/s"),
    ]
    title = f"{asked.messages} messages in {asked.conversations} conversations, with kill -9"
    return Report("chaos", title, rows, summary(outcome))


if __name__ == "__main__":
    main()
