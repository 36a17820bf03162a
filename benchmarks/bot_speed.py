"""How fast the bot is: a decision alone, and from a customer's message to the reply on their socket.

    python -m benchmarks.bot_speed [--champion DIR] [--encoder DIR] [--messages 600] [--per-second 20]

Without folders of artifacts, both models are made from the samples first, as the demo makes them. A champion
without a certificate answers nothing; then only its decisions are measured.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.report import Report, Row, percentile, publish
from benchmarks.site.asking import Asked, ask_at_a_rate
from benchmarks.site.running import Site, closed_site
from modelcore.data import LabelledTexts

DECISIONS = 300
WARM_UPS = 20
SHORT = 80  # characters of a short question


def main() -> None:
    options = _options()
    with (
        tempfile.TemporaryDirectory(prefix="berth-bot-speed-") as folder,
        closed_site(Path(folder)) as site,
    ):
        _prepare(options)
        # Alone: nothing serves yet.
        decided, answerable = _decide(_short_questions())
        site.open()
        asked = _ask(site, answerable, options) if answerable else None
    if asked is None:
        print("No certificate lets this champion answer, so there is no reply to wait for.", flush=True)
    publish(_report(decided, asked, options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bot_speed", description=__doc__)
    parser.add_argument("--champion", type=Path, help="an artifact of support-intent")
    parser.add_argument("--encoder", type=Path, help="an artifact that embeds")
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--per-second", type=float, default=20.0)
    return parser.parse_args()


def _prepare(options: argparse.Namespace) -> None:
    """Knowledge, champion, encoder and certificates, as the demo has them."""
    from django.utils import timezone

    from apps.registry.content import rows_in
    from apps.registry.models import Alias
    from apps.registry.services.datasets import import_snapshot
    from apps.registry.services.versions import register_version
    from apps.registry.store import artifact_store
    from apps.support.family_name import FAMILY
    from apps.support.models import Encoder
    from apps.support.selectors.knowledge import read_examples
    from apps.support.services.certificates import certify_wanted_versions
    from apps.support.services.encoders import pack_encoder
    from apps.support.services.seeding import seed_knowledge
    from modelcore.artifacts import open_artifact

    now = timezone.now()
    seed_knowledge(at=now)
    rows = rows_in(import_snapshot(family=FAMILY, at=now))
    if not isinstance(rows, LabelledTexts):
        raise TypeError("the examples of intents are labelled texts")
    champion = open_artifact(options.champion or _made_champion(rows))
    artifact_store().put(champion.path)
    version = register_version(family=FAMILY, artifact=champion, at=now)
    Alias.objects.create(family=FAMILY, name="champion", version=version, changed_at=now)
    if options.encoder:
        Encoder.objects.create(
            digest=artifact_store().put(options.encoder), backbone="minilm", created_at=now
        )
    else:
        pack_encoder(entries=read_examples(), at=now)
    certify_wanted_versions(entries=read_examples(), at=now)


def _made_champion(rows: LabelledTexts) -> Path:
    from apps.registry.services.compressing import compress_for
    from apps.support.family import SUPPORT_INTENT
    from modelcore.data import split
    from modelcore.training import fit

    folder = Path(tempfile.mkdtemp(prefix="berth-champion-"))
    parts = split(rows, evaluation_fraction=0.2, seed=0)
    fitted = fit(parts.train, parts.evaluation, SUPPORT_INTENT.recipe, out=folder / "fitted")
    compressed = compress_for(
        SUPPORT_INTENT,
        fitted.artifact,
        train=parts.train,
        evaluation=parts.evaluation,
        out=folder / "champion",
    )
    return compressed.artifact.path


def _short_questions() -> list[str]:
    from apps.support.selectors.knowledge import calibration_questions

    return [text for text in calibration_questions().texts if len(text) <= SHORT]


def _decide(questions: list[str]) -> tuple[list[float], list[str]]:
    """Milliseconds of decisions one after the other, and the questions that have an answer at once."""
    from apps.serving.loading import live_models
    from apps.support.engine.deciding import decide
    from apps.support.engine.decision import Action
    from apps.support.engine.situation import Situation
    from apps.support.services.answering import wording
    from apps.support.services.understanding import understanding

    known = understanding()
    milliseconds, answerable = [], []
    for turn in range(WARM_UPS + DECISIONS):
        text = questions[turn % len(questions)]
        began = time.perf_counter()
        with known.judging() as judging:
            situation = Situation(text=text, body=text)
            verdict = decide(situation, judging.answers.knowledge, wording, judging.judge)
        milliseconds.append((time.perf_counter() - began) * 1000)
        if verdict.action is Action.ANSWER:
            answerable.append(text)
    # What follows the registry and the knowledge ends before the stores do.
    known.stop()
    live_models().stop()
    return milliseconds[WARM_UPS:], list(dict.fromkeys(answerable))


def _ask(site: Site, questions: list[str], options: argparse.Namespace) -> Asked:
    """New customers, one message each, at a steady rate."""
    from django.utils import timezone

    from apps.support.models import Visitor
    from apps.support.services.conversations import start_conversation
    from apps.support.services.visitors import make_token

    now = timezone.now()
    tokens = []
    for _ in range(options.messages + WARM_UPS):
        visitor = Visitor.objects.create(created_at=now, seen_at=now)
        start_conversation(visitor=visitor, at=now)
        tokens.append(make_token(visitor))
    address = site.plan.address.replace("http", "ws") + "/ws/support/visitor/"
    asyncio.run(ask_at_a_rate(address, tokens[:WARM_UPS], questions, per_second=2.0))
    return asyncio.run(ask_at_a_rate(address, tokens[WARM_UPS:], questions, per_second=options.per_second))


def _report(decided: list[float], asked: Asked | None, options: argparse.Namespace) -> Report:
    rows = [
        Row("decision alone, p50", percentile(decided, 50), goal=5, at_least=False, unit="ms"),
        Row("decision alone, p95", percentile(decided, 95), unit="ms"),
        *(_on_the_wire(asked) if asked is not None else ()),
    ]
    details = {"decisions": len(decided), "messages": options.messages, "per_second": options.per_second}
    return Report("bot_speed", "How fast the bot answers", rows, details)


def _on_the_wire(asked: Asked) -> list[Row]:
    replied = asked.milliseconds
    return [
        Row(
            "message to reply on the wire, p50",
            percentile(replied, 50),
            goal=60,
            at_least=False,
            unit="ms",
        ),
        Row(
            "message to reply on the wire, p95", percentile(replied, 95), goal=250, at_least=False, unit="ms"
        ),
        Row("messages without a reply", asked.unanswered, goal=0, at_least=False),
    ]


if __name__ == "__main__":
    main()
