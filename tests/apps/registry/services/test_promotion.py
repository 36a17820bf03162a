import shutil
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from apps.accounts.models import AuditEntry, User
from apps.registry.families import Family
from apps.registry.models import Alias, Promotion, Version
from apps.registry.selectors.aliases import champion_of
from apps.registry.services import promotion as service
from apps.registry.services.gate import GateReport, evaluate_gate
from apps.registry.services.promotion import (
    AcceptedLosses,
    AlreadyPromotedError,
    ChampionChangedError,
    GateRefusedError,
    NothingToRollBackToError,
    VersionArchivedError,
    promote_first,
    promote_version,
    rollback_alias,
)
from apps.registry.services.versions import VersionInUseError, archive_version
from modelcore.artifacts import Artifact, derive_artifact
from tests.apps.registry.factories import NOW, make_version

pytestmark = pytest.mark.django_db


def promote(version: Version, **changes: Any) -> Promotion:
    fields: dict[str, Any] = {"alias": "champion", "actor": None, "reason": "better", "at": NOW}
    return promote_version(version=version, **{**fields, **changes})


def test_a_promotion_moves_the_alias_and_leaves_a_trail(
    family: Family, artifact: Artifact, owner: User
) -> None:
    version = make_version(family, artifact)

    promotion = promote(version, actor=owner)

    assert Alias.objects.get(family=family.name, name="champion").version == version
    assert promotion.gate_report["passed"] is True
    assert AuditEntry.objects.get(action="alias.promotion").actor == owner


def test_what_the_gate_refuses_changes_nothing(family: Family, artifact: Artifact) -> None:
    promote(make_version(family, artifact))
    worse = make_version(family, artifact, wrong=range(8))

    with pytest.raises(GateRefusedError) as refusal:
        promote(worse)

    assert {c.name for c in refusal.value.report.checks if not c.passed} >= {"champion:held-out", "labels"}
    assert champion_of(family.name) != worse
    assert Promotion.objects.count() == 1


def test_a_lost_label_passes_when_it_is_named(family: Family, artifact: Artifact) -> None:
    promote(make_version(family, artifact, wrong=(0,)))
    other = make_version(family, artifact, wrong=(0, 1))
    with pytest.raises(GateRefusedError) as refusal:
        promote(other)
    losses = refusal.value.report.losses_to_accept

    promotion = promote(other, accepted=AcceptedLosses(losses))

    assert losses
    assert all(loss["accepted"] for loss in promotion.gate_report["label_losses"])


@pytest.mark.parametrize(("seen", "passes"), [(1, True), (7, False), (None, True)])
def test_a_loss_is_accepted_against_the_champion_that_was_seen(
    family: Family, artifact: Artifact, seen: int | None, passes: bool
) -> None:
    promote(make_version(family, artifact, wrong=(0,)))
    other = make_version(family, artifact, wrong=(0, 1))
    losses = evaluate_gate(other).losses_to_accept

    with nullcontext() if passes else pytest.raises(ChampionChangedError):
        promote(other, accepted=AcceptedLosses(losses, seen))

    assert (champion_of(family.name) == other) is passes


def test_a_rollback_goes_back_one_version_at_a_time(family: Family, artifact: Artifact) -> None:
    versions = [make_version(family, artifact, wrong=range(wrong)) for wrong in (6, 0, 0)]
    for version in versions:
        promote(version)

    first = rollback_alias(family=family.name, alias="champion", actor=None, at=NOW)
    second = rollback_alias(family=family.name, alias="champion", actor=None, at=NOW)

    assert (first.to_version, second.to_version) == (versions[1], versions[0])
    with pytest.raises(NothingToRollBackToError):
        rollback_alias(family=family.name, alias="champion", actor=None, at=NOW)


def test_a_second_click_goes_back_no_further(family: Family, artifact: Artifact) -> None:
    versions = [make_version(family, artifact) for _ in range(3)]
    for version in versions:
        promote(version)
    seen = versions[2].pk

    rollback_alias(family=family.name, alias="champion", actor=None, at=NOW, leaving=seen)
    with pytest.raises(ChampionChangedError):
        rollback_alias(family=family.name, alias="champion", actor=None, at=NOW, leaving=seen)

    assert champion_of(family.name) == versions[1]


def test_a_rollback_leaves_what_was_promoted_meanwhile(
    family: Family, artifact: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (make_version(family, artifact) for _ in range(3))
    for version in (first, second):
        promote(version, alias="challenger")

    def judge_while_somebody_promotes(version: Version, **options: Any) -> GateReport:
        slow.undo()
        promote(third, alias="challenger")
        return evaluate_gate(version, **options)

    with monkeypatch.context() as slow:
        slow.setattr(service, "evaluate_gate", judge_while_somebody_promotes)
        with pytest.raises(ChampionChangedError):
            rollback_alias(family=family.name, alias="challenger", actor=None, at=NOW)

    assert Alias.objects.get(family=family.name, name="challenger").version == third


def test_a_rollback_skips_an_archived_version(family: Family, artifact: Artifact) -> None:
    first, second, third = (make_version(family, artifact) for _ in range(3))
    for version in (first, second, third):
        promote(version)
    archive_version(version=second, actor=None, at=NOW)
    first.evaluations.all().delete()  # it was judged before; only its artifact has to be whole

    assert rollback_alias(family=family.name, alias="champion", actor=None, at=NOW).to_version == first


def test_nothing_goes_back_to_a_damaged_artifact(family: Family, artifact: Artifact, tmp_path: Path) -> None:
    damaged = derive_artifact(artifact, tmp_path / "damaged", changes={"seed": 8}, files={})
    for one in (damaged, artifact):
        promote(make_version(family, one))
    shutil.rmtree(settings.ARTIFACT_CACHE)
    for path in Path(settings.ARTIFACT_STORE.removeprefix("file://")).rglob(f"{damaged.digest}/**/model.bin"):
        path.write_bytes(b"torn")

    with pytest.raises(GateRefusedError, match="can't be used"):
        rollback_alias(family=family.name, alias="champion", actor=None, at=NOW)

    assert champion_of(family.name) == Version.objects.get(digest=artifact.digest)


def test_an_archived_version_is_not_promoted(family: Family, artifact: Artifact) -> None:
    version = archive_version(version=make_version(family, artifact), actor=None, at=NOW)

    with pytest.raises(VersionArchivedError):
        promote(version)


def test_a_live_version_is_not_archived(family: Family, artifact: Artifact) -> None:
    version = make_version(family, artifact)
    promote(version)

    with pytest.raises(VersionInUseError):
        archive_version(version=version, actor=None, at=NOW)


def test_a_second_click_promotes_nothing(family: Family, artifact: Artifact) -> None:
    version = make_version(family, artifact)
    promote(version)

    with pytest.raises(AlreadyPromotedError):
        promote(version)

    assert Promotion.objects.count() == 1


def test_the_first_champion_replaces_nobody(
    family: Family, artifact: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen, first = make_version(family, artifact), make_version(family, artifact)

    def judge_while_somebody_chooses(version: Version) -> GateReport:
        report = evaluate_gate(version)
        slow.undo()
        promote(chosen)
        return report

    with monkeypatch.context() as slow:
        slow.setattr(service, "evaluate_gate", judge_while_somebody_chooses)
        with pytest.raises(ChampionChangedError):
            promote_first(version=first, actor=None, reason="nobody chose", at=NOW)
    with pytest.raises(AlreadyPromotedError):
        promote_first(version=chosen, actor=None, reason="nobody chose", at=NOW)

    assert champion_of(family.name) == chosen


@pytest.mark.parametrize(
    "statement", ["UPDATE registry_promotion SET reason = ''", "DELETE FROM registry_promotion"]
)
def test_the_database_refuses_to_change_history(family: Family, artifact: Artifact, statement: str) -> None:
    promote(make_version(family, artifact))

    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("registry_promotion"))

    assert Promotion.objects.get().reason == "better"


@pytest.mark.django_db(transaction=True)
def test_concurrent_promotions_follow_one_another(family: Family, artifact: Artifact) -> None:
    versions = [make_version(family, artifact) for _ in range(4)]
    barrier = threading.Barrier(4)

    def click(version: Version) -> None:
        barrier.wait()
        try:
            promote(version)
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=(version,)) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    history = list(Promotion.objects.order_by("pk"))
    assert len(history) == 4
    assert [p.from_version for p in history] == [None, *(p.to_version for p in history[:-1])]
    assert champion_of(family.name) == history[-1].to_version
