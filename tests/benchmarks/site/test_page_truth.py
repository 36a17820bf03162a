from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.registry.services import claims
from benchmarks.site.page_truth import Facts, Kill, Statement, UnreadablePageError, read_page, untruths
from modelcore.sentence import Sentence
from modelcore.training.progress import Progress
from tests.apps.registry.factories import make_family, make_person, make_run, registered

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
KILL = Kill(
    attempt=1,
    sent_at=START + timedelta(seconds=20),
    dead_at=START + timedelta(seconds=21),
    checkpoint_step=30,
)
LINES = [(1, "train", 40, 99), (2, "prepare", 0, 0), (2, "train", 40, 99), (2, "train", 99, 99)]
FACTS = Facts(LINES, {1: "host:11", 2: "host:22"}, START + timedelta(seconds=90), timedelta(seconds=15), KILL)
SAID = Statement(START, START, "running", 40, "train", 40, 99, 1, "host:11", False, False)


def after(seconds: float, **changes: Any) -> Statement:
    moment = START + timedelta(seconds=seconds)
    return replace(SAID, asked_at=moment, answered_at=moment, **changes)


RESUMED: dict[str, Any] = {"attempt": 2, "worker": "host:22"}
FINISHED: dict[str, Any] = {"badge": "succeeded", "percent": 100, "phase": "", "step": 0, "total_steps": 0}
TRUE = [
    after(10),
    after(25),
    after(37, badge="lost"),
    after(45, phase="", step=0, total_steps=0, **RESUMED),
    after(60, **RESUMED),
    after(95, has_version=True, **FINISHED, **RESUMED),
]
UNTRUE = {
    "succeeded without a version": after(80, has_version=True, **FINISHED, **RESUMED),
    "done before it is": after(60, percent=100, **RESUMED),
    "has failed": after(60, badge="failed", **RESUMED),
    "beyond its last": after(60, step=100, **RESUMED),
    "long dead": after(37),
    "though it lives": after(10, badge="lost"),
    "names another worker": after(60, attempt=2),
    "never wrote": after(60, step=50, **RESUMED),
}


def test_a_run_that_was_killed_and_went_on_tells_no_untruth() -> None:
    assert untruths(TRUE, FACTS) == []


@pytest.mark.parametrize("rule", UNTRUE)
def test_an_untrue_statement_is_found(rule: str) -> None:
    assert any(rule in sentence for sentence in untruths([UNTRUE[rule]], FACTS))


def test_a_page_that_contradicts_itself_is_found() -> None:
    taken_back, gone_on = untruths([TRUE[-1], TRUE[0]], FACTS)

    assert "an attempt was taken back" in taken_back
    assert "an ended run went on" in gone_on


def test_going_on_beyond_the_checkpoint_is_found() -> None:
    (sentence,) = untruths([], replace(FACTS, kill=replace(KILL, checkpoint_step=20)))

    assert "at step 40, but 20" in sentence


def page_of_a_running_run(client: Client) -> str:
    client.force_login(make_person("owner", "model_owner", is_staff=True))
    with registered(make_family("test-intent")) as family:
        run = make_run(family)
        claim = claims.claim_run(run_id=run.pk, worker="host:11", at=START)
        assert claim
        progress = Progress("train", 4, 10, 0.5, None, 3.0, Sentence(""))
        claims.record_progress(claim=claim, progress=progress, at=START)
        return client.get(reverse("admin:registry_run_live", args=[run.pk])).content.decode()


def test_the_page_of_a_running_run_is_read(client: Client, db: None) -> None:
    said = read_page(page_of_a_running_run(client), START, START)

    assert said.line == (1, "train", 4, 10)
    assert (said.badge, said.worker, said.has_version, said.has_error) == ("lost", "host:11", False, False)


def test_another_page_is_not_taken_for_a_run() -> None:
    with pytest.raises(UnreadablePageError):
        read_page("<h1>Sign in</h1>", START, START)
