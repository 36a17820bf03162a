from datetime import timedelta

import pytest

from apps.accounts.models import AuditEntry, User
from apps.registry.families import Family
from apps.registry.models import Dataset, Run, RunProgress, RunState
from apps.registry.models.runs import HEART_STOPPED_AFTER, MAX_ATTEMPTS
from apps.registry.services import claims, runs
from apps.registry.services.claims import Claim, ClaimLostError
from apps.streams.models import Event
from modelcore.errors import InputError
from modelcore.sentence import Sentence
from modelcore.training.progress import Progress
from tests.apps.registry.factories import NOW, make_dataset, make_run

pytestmark = pytest.mark.django_db
LATER = NOW + HEART_STOPPED_AFTER + timedelta(seconds=1)


def claimed(run: Run, worker: str = "a") -> Claim:
    claim = claims.claim_run(run_id=run.pk, worker=worker, at=NOW)
    assert claim is not None
    return claim


def step(number: int) -> Progress:
    return Progress("train", number, 10, 0.5, None, 3.0, Sentence(""))


def test_a_run_is_claimed_once(family: Family) -> None:
    run = make_run(family)

    first = claims.claim_run(run_id=run.pk, worker="a", at=NOW)
    second = claims.claim_run(run_id=run.pk, worker="b", at=NOW)

    assert first is not None
    assert second is None
    assert Run.objects.get(pk=run.pk).claimed_by == "a"


def test_progress_is_a_row_the_run_and_an_event(family: Family) -> None:
    claim = claimed(make_run(family))

    claims.record_progress(claim=claim, progress=step(4), at=NOW)

    run = Run.objects.get()
    assert (run.step, run.loss, run.percent) == (4, 0.5, run.percent)
    assert RunProgress.objects.get().step == 4
    assert Event.objects.count() == 3  # that it was queued, claimed and got on


def test_a_run_whose_worker_died_waits_for_another(family: Family) -> None:
    run = make_run(family)
    claimed(run)
    assert Run.objects.get().is_worker_lost(LATER)

    assert claims.requeue_stale_runs(at=LATER) == [run.pk]

    run.refresh_from_db()
    assert run.state == RunState.QUEUED
    assert "resume" in run.situation


def test_a_new_worker_does_not_claim_the_steps_of_the_lost_one(family: Family) -> None:
    run = make_run(family)
    claims.record_progress(claim=claimed(run), progress=step(9), at=NOW)
    claims.requeue_stale_runs(at=LATER)

    claimed(run, "fresh")

    run.refresh_from_db()
    assert (run.attempt, run.phase, run.step, run.total_steps, run.percent) == (2, "", 0, 0, 0)


def test_a_worker_that_comes_back_writes_over_nobody(family: Family) -> None:
    stale = claimed(make_run(family), "stale")
    claims.requeue_stale_runs(at=LATER)
    claimed(Run.objects.get(), "fresh")

    with pytest.raises(ClaimLostError):
        claims.record_progress(claim=stale, progress=step(9), at=LATER)
    with pytest.raises(ClaimLostError):
        claims.finish_run(claim=stale, state=RunState.FAILED, at=LATER)
    with pytest.raises(ClaimLostError):
        claims.lock_claim(stale)

    assert not claims.beat(claim=stale, at=LATER).is_owner
    assert (Run.objects.get().step, Run.objects.get().claimed_by) == (0, "fresh")


def test_a_run_that_loses_every_worker_fails_with_a_sentence(family: Family) -> None:
    run = make_run(family)
    for _ in range(MAX_ATTEMPTS):
        claimed(run)
        claims.requeue_stale_runs(at=LATER)

    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "lost" in run.error


def test_a_beating_run_is_left_alone(family: Family) -> None:
    claim = claimed(make_run(family))
    claims.beat(claim=claim, at=LATER)

    assert claims.requeue_stale_runs(at=LATER) == []


def test_a_waiting_run_is_cancelled_at_once(family: Family, owner: User) -> None:
    run = make_run(family)

    runs.request_cancel(run=run, actor=owner, at=NOW)

    assert Run.objects.get().state == RunState.CANCELLED
    assert AuditEntry.objects.get(action="run.cancel").actor == owner
    assert claims.claim_run(run_id=run.pk, worker="a", at=NOW) is None


def test_a_running_run_hears_that_it_should_stop(family: Family) -> None:
    run = make_run(family)
    claim = claimed(run)

    runs.request_cancel(run=run, actor=None, at=NOW)

    assert Run.objects.get().state == RunState.RUNNING
    assert claims.beat(claim=claim, at=NOW).is_cancel_requested


def test_a_cancelled_run_without_a_worker_ends_cancelled(family: Family) -> None:
    run = make_run(family)
    claimed(run)
    runs.request_cancel(run=run, actor=None, at=NOW)

    claims.requeue_stale_runs(at=LATER)

    assert Run.objects.get().state == RunState.CANCELLED


def test_an_ended_run_is_tried_again_and_only_then(family: Family) -> None:
    run = make_run(family)
    with pytest.raises(runs.RunNotRetryableError):
        runs.retry_run(run=run, actor=None, at=NOW)
    runs.request_cancel(run=run, actor=None, at=NOW)

    runs.retry_run(run=run, actor=None, at=LATER)

    again = Run.objects.get()
    assert (again.state, again.attempt, again.cancel_requested_at) == (RunState.QUEUED, 0, None)


def test_a_run_that_is_tried_again_waits_and_has_done_nothing_yet(family: Family) -> None:
    run = make_run(family)
    claim = claimed(run)
    claims.record_progress(claim=claim, progress=step(9), at=NOW)
    claims.finish_run(claim=claim, state=RunState.FAILED, at=NOW)

    runs.retry_run(run=run, actor=None, at=LATER)

    again = Run.objects.get()
    assert (again.phase, again.step, again.percent, again.started_at) == ("", 0, 0, None)


def test_an_ended_run_is_not_cancelled(family: Family) -> None:
    run = make_run(family)
    claims.finish_run(claim=claimed(run), state=RunState.FAILED, at=NOW)

    with pytest.raises(runs.RunNotOpenError):
        runs.request_cancel(run=run, actor=None, at=NOW)


def test_a_suite_is_not_fitted_on(family: Family) -> None:
    make_dataset(family)
    suite = Dataset.objects.get(kind=Dataset.Kind.SUITE)

    with pytest.raises(runs.WrongDatasetError):
        runs.queue_run(dataset=suite, changes={}, actor=None, at=NOW)


def test_a_recipe_that_cannot_be_is_refused(family: Family) -> None:
    with pytest.raises(InputError, match="method"):
        make_run(family, method="magic")

    assert not Run.objects.exists()


def test_a_run_is_sent_once_until_the_message_may_be_lost(family: Family) -> None:
    run = make_run(family)
    wait = timedelta(minutes=2)

    sent = [claims.mark_dispatched(run_id=run.pk, at=NOW, again_after=wait) for _ in range(2)]
    later = claims.mark_dispatched(run_id=run.pk, at=NOW + 2 * wait, again_after=wait)

    assert (sent, later) == ([True, False], True)
