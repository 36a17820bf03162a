"""Attackers with tokens of their own, and with bent copies of others', at every door of the visitors.

Each attempt is drawn from a seed (see attempts). Victims' messages hold a word that appears nowhere else; an
answer that holds it is a leak. An answer of 500 is counted too. Then one visitor writes all at once, and no
more than the limit of a minute may pass.

    python -m benchmarks.visitor_fuzz [--attempts 10000] [--seed 0]
"""

import argparse
import asyncio
import concurrent.futures
import json
import math
import random
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.typing import Origin

from benchmarks.report import Report, Row, conclude
from benchmarks.site.attempts import SECRET, Attempt, draw, make_world
from benchmarks.site.running import Site, open_site

ONE_ADDRESS = {"SUPPORT_ADDRESS_FACTOR": "100000", "SUPPORT_MESSAGES_PER_MINUTE": "30"}
MESSAGES_PER_MINUTE = 30
ANSWER_SECONDS = 30.0
SILENCE_SECONDS = 0.5
AT_ONCE = 16
BURST = 120


@dataclass
class Findings:
    attempts: int = 0
    leaks: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def note(self, attempt: Attempt, status: str, text: str) -> None:
        self.attempts += 1
        self.statuses[status] += 1
        if SECRET in text:
            self.leaks.append(f"{attempt}: {text[:300]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder, open_site(Path(folder), limits=ONE_ADDRESS) as site:
        world = make_world()
        attempts = [draw(world, chance) for _ in range(asked.attempts)]
        findings = asyncio.run(attack(site, attempts))
        sent = burst(site, make_world().mine[0])
    conclude(_report(findings, asked.attempts, sent))


async def attack(site: Site, attempts: list[Attempt]) -> Findings:
    findings, room = Findings(), asyncio.Semaphore(AT_ONCE)

    async def one(attempt: Attempt) -> None:
        async with room:
            if attempt.is_socket:
                status, text = await _talk(site.plan.address, attempt)
            else:
                status, text = await asyncio.to_thread(ask, site.plan.address, attempt)
            findings.note(attempt, status, text)
            if findings.attempts % 1000 == 0:
                print(
                    f"{findings.attempts}: {dict(findings.statuses)}, leaks {len(findings.leaks)}", flush=True
                )

    await asyncio.gather(*(one(attempt) for attempt in attempts))
    return findings


def ask(address: str, attempt: Attempt) -> tuple[str, str]:
    """The status and all that came back, headers included."""
    try:
        request = urllib.request.Request(
            address + attempt.path, attempt.body, attempt.headers, method=attempt.method
        )
        with _answer_to(request) as answer:
            return str(answer.status), f"{answer.headers} {answer.read().decode(errors='replace')}"
    except (OSError, HTTPException, ValueError) as error:
        # Of a header or a path that no client can send, or refused and reset before all was read.
        return type(error).__name__, ""


def _answer_to(request: urllib.request.Request) -> Any:
    try:
        return urllib.request.urlopen(request, timeout=ANSWER_SECONDS)
    except urllib.error.HTTPError as refusal:
        return refusal  # an answer, too


async def _talk(address: str, attempt: Attempt) -> tuple[str, str]:
    """All that the socket says until it is closed or falls silent."""
    heard: list[str] = []
    try:
        async with connect(address.replace("http", "ws") + attempt.path, origin=Origin(address)) as socket:
            for frame in attempt.frames:
                await socket.send(frame)
            while True:
                heard.append(str(await asyncio.wait_for(socket.recv(), SILENCE_SECONDS)))
    except TimeoutError:
        return "socket stayed open", " ".join(heard)
    except InvalidStatus as error:
        return f"socket {error.response.status_code}", " ".join(heard)
    except (OSError, WebSocketException):
        return "socket closed", " ".join(heard)


@dataclass(frozen=True)
class Burst:
    """One visitor's messages all at once: the answers, and how many the minutes that it took allow."""

    statuses: Counter[str]
    seconds: float

    @property
    def allowed(self) -> int:
        return MESSAGES_PER_MINUTE * math.ceil(self.seconds / 60)


def burst(site: Site, token: str) -> Burst:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    attempts = [
        Attempt(
            "/support/widget/messages",
            headers,
            "POST",
            json.dumps({"client_id": f"burst-{number}", "body": "Me first"}).encode(),
        )
        for number in range(BURST)
    ]
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = Counter(
            status for status, _text in pool.map(lambda one: ask(site.plan.address, one), attempts)
        )
    return Burst(statuses, time.monotonic() - started)


def _report(findings: Findings, wanted: int, sent: Burst) -> Report:
    rows = [
        Row("attempts", findings.attempts, wanted),
        Row("leaks of a victim's conversation", len(findings.leaks), 0, at_least=False),
        Row("answers of 500", findings.statuses["500"], 0, at_least=False),
        Row("messages at once that passed", sent.statuses["201"], sent.allowed, at_least=False),
        Row("messages at once that were refused", sent.statuses["429"]),
    ]
    details = {
        "statuses": dict(findings.statuses),
        "leaks": findings.leaks[:20],
        "burst": dict(sent.statuses),
    }
    return Report("visitor_fuzz", "Fuzzed requests and sockets of visitors", rows, details)


if __name__ == "__main__":
    main()
