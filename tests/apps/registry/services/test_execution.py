import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone, translation

from apps.registry import content, store
from apps.registry.families import Family
from apps.registry.models import Dataset, Run, RunState, Version
from apps.registry.selectors.aliases import champion_of
from apps.registry.services import claims, execution, runs
from apps.registry.services.execution import execute_run, run_folder, training_rows
from apps.registry.services.promotion import VersionArchivedError
from apps.registry.services.versions import archive_version
from apps.ui.sentences import said
from tests.apps.registry.factories import NOW, make_dataset, make_run, make_tiny_family, registered
from tests.modelcore.tiny import make_tiny_backbone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_backbone(tmp_path_factory.mktemp("backbone") / "tiny")


@pytest.fixture
def tiny_family(tiny: Path) -> Iterator[Family]:
    with registered(make_tiny_family(tiny)) as declared:
        yield declared


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is quantised where the test asks for no more than that a run gets to its version."""
    monkeypatch.setattr(execution, "VARIANTS", {})


def test_a_run_ends_as_a_promoted_version(tiny_family: Family) -> None:
    dataset = make_dataset(tiny_family)
    run = runs.queue_run(dataset=dataset, changes={}, actor=None, at=NOW, promote_when_passed=True)

    assert execute_run(run_id=run.pk, worker="w") == RunState.SUCCEEDED

    version = Version.objects.get(run=run)
    assert champion_of(tiny_family.name) == version
    assert store.fetch_artifact(version.digest).digest == version.digest
    assert [e.suite for e in version.evaluations.all()] == ["held-out"]
    assert {"prepare", "train", "compress", "measure", "store"} <= set(
        run.progress.values_list("phase", flat=True)
    )
    assert not run_folder(run.pk).exists()


@pytest.mark.usefixtures("plain")
def test_a_second_execution_registers_nothing_twice(tiny_family: Family) -> None:
    run = make_run(tiny_family)
    execute_run(run_id=run.pk, worker="w")
    # As if the worker had died after the version and before the run's end.
    Run.objects.filter(pk=run.pk).update(state=RunState.QUEUED)

    assert execute_run(run_id=run.pk, worker="w") == RunState.SUCCEEDED
    assert Version.objects.count() == 1


def test_a_finished_run_is_not_executed_again(tiny_family: Family) -> None:
    run = make_run(tiny_family)
    runs.request_cancel(run=run, actor=None, at=NOW)

    assert execute_run(run_id=run.pk, worker="w") is None


def test_a_recipe_that_fails_says_why(tiny_family: Family) -> None:
    run = make_run(tiny_family, backbone="/no/such/folder")

    assert execute_run(run_id=run.pk, worker="w") == RunState.FAILED

    run.refresh_from_db()
    assert "/no/such/folder" in run.error
    assert not Version.objects.exists()


def test_a_refusal_that_ends_a_run_is_read_in_the_readers_language(
    tiny_family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> bool:
        raise VersionArchivedError("{version} is archived; an alias can't point to it.", version="tiny v1")

    monkeypatch.setattr(execution, "audit_labels", refuse)
    run = make_run(tiny_family)

    assert execute_run(run_id=run.pk, worker="w") == RunState.FAILED

    run.refresh_from_db()
    with translation.override("zh-hans"):
        assert said(run.error) == "tiny v1 已归档，别名不能指向它。"


def test_a_cancelled_run_stops_at_a_step(tiny_family: Family) -> None:
    run = make_run(tiny_family, epochs=200)

    def cancel_when_training() -> None:
        while not Run.objects.filter(pk=run.pk, phase="train", step__gt=0).exists():
            time.sleep(0.05)
        runs.request_cancel(run=run, actor=None, at=NOW)
        connection.close()

    clicker = threading.Thread(target=cancel_when_training)
    clicker.start()
    state = execute_run(run_id=run.pk, worker="w")
    clicker.join()

    assert state == RunState.CANCELLED
    assert not Version.objects.exists()


@pytest.mark.usefixtures("plain")
def test_a_run_that_is_cancelled_while_its_artifact_is_stored_leaves_no_version(
    tiny_family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tiny_family)
    register = execution._register

    def cancel_and_register(*given: Any) -> Version:
        runs.request_cancel(run=run, actor=None, at=NOW)
        return register(*given)

    monkeypatch.setattr(execution, "_register", cancel_and_register)

    assert execute_run(run_id=run.pk, worker="w") == RunState.CANCELLED
    assert not Version.objects.exists()


@pytest.mark.usefixtures("plain")
def test_a_version_that_was_archived_before_its_run_ended_is_no_failure(tiny_family: Family) -> None:
    run = make_run(tiny_family)
    execute_run(run_id=run.pk, worker="w")
    archive_version(version=Version.objects.get(), actor=None, at=NOW)
    # As if the worker had died after the version and before the run's end.
    Run.objects.filter(pk=run.pk).update(state=RunState.QUEUED, promote_when_passed=True)

    assert execute_run(run_id=run.pk, worker="w") == RunState.SUCCEEDED


@pytest.mark.usefixtures("plain")
def test_a_run_with_its_version_is_not_cancelled_any_more(tiny_family: Family) -> None:
    run = make_run(tiny_family)
    execute_run(run_id=run.pk, worker="w")
    # As if the worker had died after the version and before the run's end.
    Run.objects.filter(pk=run.pk).update(state=RunState.QUEUED)

    with pytest.raises(runs.RunNotOpenError, match="has its version already"):
        runs.request_cancel(run=run, actor=None, at=NOW)


def cut_off_when_training(run: Run, pid: int) -> None:
    while not Run.objects.filter(pk=run.pk, phase="train", step__gt=2).exists():
        time.sleep(0.02)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    connection.close()


@pytest.mark.usefixtures("plain")
def test_a_run_whose_database_went_away_resumes(tiny_family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "CHECKPOINT_SECONDS", 0.01)
    run = make_run(tiny_family, epochs=40)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    cutter = threading.Thread(target=cut_off_when_training, args=(run, pid))
    cutter.start()
    with pytest.raises(OperationalError):
        execute_run(run_id=run.pk, worker="first")
    cutter.join()
    connection.close()

    assert claims.requeue_stale_runs(at=timezone.now() + timedelta(minutes=1)) == [run.pk]
    assert execute_run(run_id=run.pk, worker="second") == RunState.SUCCEEDED
    assert run.progress.filter(attempt=2, phase="train", step__gt=0).earliest("pk").step > 1


@pytest.mark.usefixtures("plain")
def test_a_worker_that_lost_its_run_writes_nothing(
    tiny_family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tiny_family)

    def lose_claim_then_measure(path: Path, suites: list[Dataset], should_stop: object) -> list[object]:
        Run.objects.filter(pk=run.pk).update(state=RunState.QUEUED, claim_token=None)
        assert claims.claim_run(run_id=run.pk, worker="fresh", at=NOW) is not None
        return []

    monkeypatch.setattr(execution, "measure_artifact", lose_claim_then_measure)

    assert execute_run(run_id=run.pk, worker="stale") is None
    assert Run.objects.get().claimed_by == "fresh"
    assert not Version.objects.exists()


def test_no_training_row_is_in_a_suite(tiny_family: Family) -> None:
    dataset = make_dataset(tiny_family)
    suite = Dataset.objects.get(kind=Dataset.Kind.SUITE)

    train, validation = training_rows(dataset, [suite])

    held_out = set(content.rows_in(suite).texts)
    assert not held_out & {*train.texts, *validation.texts}
    assert len(train.texts) + len(validation.texts) + len(held_out) == 60
