"""The encoder is packed once, and again when the knowledge comes to hold what it can't read."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from apps.accounts.locks import only_one
from apps.support.models import Encoder, Intent, KnowledgeIndex
from apps.support.selectors.knowledge import read_examples
from apps.support.services.encoders import LIMITS, open_encoder, pack_encoder
from apps.support.services.indexes import make_index
from apps.support.tasks import keep_certified
from modelcore import backbones
from modelcore.compression import backbone
from modelcore.compression.fidelity import Fidelity
from tests.apps.support.factories import NOW, make_example, make_intent
from tests.modelcore.tiny import make_tiny_backbone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_store")]


@pytest.fixture(autouse=True)
def quick_backbone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is packed in seconds, in the place of MiniLM."""
    tiny = make_tiny_backbone(tmp_path / "tiny")
    monkeypatch.setattr(backbone, "resolve", lambda name: backbones.resolve(str(tiny)))


@pytest.fixture
def intents() -> tuple[Intent, Intent]:
    tracking, refund = make_intent("track_order"), make_intent("refund_status")
    for number in range(12):
        make_example(tracking, f"where is my parcel {number}")
        make_example(refund, f"when do i get my money {number}")
    return tracking, refund


def pack(*, hours: int = 0) -> Encoder:
    return pack_encoder(entries=read_examples(), at=NOW + timedelta(hours=hours))


def in_a_worker(task: Callable[[], None]) -> None:
    """With a connection of its own, which sees nothing of what this test has not committed."""
    try:
        task()
    finally:
        connections.close_all()


def index(encoder: Encoder) -> KnowledgeIndex:
    embed = open_encoder(encoder.digest).predictor.embed
    return make_index(entries=read_examples(), encoder=encoder, embed=embed, at=NOW)


def test_an_encoder_that_reads_everything_stays(intents: tuple[Intent, Intent]) -> None:
    first = pack()
    make_example(intents[0], "is my parcel lost")

    assert pack(hours=1) == first
    assert Encoder.objects.count() == 1


def test_knowledge_in_another_language_gets_an_encoder_that_reads_it(intents: tuple[Intent, Intent]) -> None:
    first = index(pack())
    for word in ("包裹在哪", "包裹到哪了", "我的包裹在哪", "包裹丢了"):
        make_example(intents[0], word)

    second = pack(hours=1)

    assert second != first.encoder
    assert pack(hours=2) == second
    embed = open_encoder(second.digest).predictor.embed
    near, far = embed(["我的包裹"])[0] @ embed(["我的包裹在哪", "when do i get my money"]).T
    assert near > far


def test_what_another_encoder_embeds_is_other_knowledge(intents: tuple[Intent, Intent]) -> None:
    """Certificates name the knowledge: those of one encoder say nothing of another's neighbours."""
    first = index(pack())
    second = Encoder.objects.create(digest="e" * 64, backbone="another", created_at=NOW)
    embed = open_encoder(first.encoder.digest).predictor.embed
    again = make_index(entries=read_examples(), encoder=second, embed=embed, at=NOW)

    assert first.knowledge_digest != again.knowledge_digest


@pytest.mark.parametrize(("drop", "is_quick"), [(0.011, True), (0.04, False)])
def test_chance_does_not_decide_whether_the_quick_one_serves(drop: float, is_quick: bool) -> None:
    found = Fidelity(462, 0.04, 0.005, 0.91, drop, (0.0, 0.0), 1.0)

    assert LIMITS.admit("onnx-int8-dynamic", found) == is_quick


def test_without_examples_the_samples_are_read() -> None:
    assert open_encoder(pack().digest).predictor.task == "embedding"


def test_of_several_workers_one_packs(intents: tuple[Intent, Intent]) -> None:
    with ThreadPoolExecutor(1) as other_worker, only_one("support.keep_certified"):
        other_worker.submit(in_a_worker, keep_certified).result(60)
    assert not Encoder.objects.exists()

    keep_certified()
    assert Encoder.objects.count() == 1
