import pytest
from django.utils import timezone

from apps.registry.families import Family
from apps.registry.services.claims import claim_run
from apps.registry.services.progress import ProgressLog
from modelcore.training.progress import Progress
from tests.apps.registry.factories import make_run

pytestmark = pytest.mark.django_db


def test_what_is_said_between_two_steps_leaves_the_run_where_it_is(family: Family) -> None:
    run = make_run(family)
    claim = claim_run(run_id=run.pk, worker="one", at=timezone.now())
    assert claim is not None
    log = ProgressLog(claim)

    log(Progress("rehearse", 5, 20, 0.7, None, 3.0))
    log.say("rehearse", "The twin was best after two epochs.")

    run.refresh_from_db()
    assert (run.step, run.total_steps, run.percent) == (5, 20, 21)
