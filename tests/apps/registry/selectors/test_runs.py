import pytest

from apps.registry.families import Family
from apps.registry.models import RunProgress
from apps.registry.selectors.runs import LOG_LINES, curves, last_lines
from modelcore.sentence import Sentence
from tests.apps.registry.factories import NOW, make_run

pytestmark = pytest.mark.django_db


def test_what_a_run_said_stays_in_its_log_behind_all_later_figures(family: Family) -> None:
    run = make_run(family)
    line = {"run": run, "attempt": 1, "step": 0, "total_steps": 0, "phase": "prepare", "at": NOW}
    RunProgress.objects.create(**line, message=Sentence(""))
    RunProgress.objects.create(**line, message=Sentence("Refitting: there are many new texts."))
    for step in range(LOG_LINES):
        RunProgress.objects.create(**{**line, "phase": "train", "step": step}, message=Sentence(""))

    lines = last_lines(run)
    assert len(lines) == LOG_LINES + 1
    assert lines[-1].message == "Refitting: there are many new texts."


def test_the_curve_is_that_of_the_model_that_is_kept_as_soon_as_it_has_one(family: Family) -> None:
    run = make_run(family)
    line = {"run": run, "attempt": 1, "total_steps": 4, "at": NOW}
    RunProgress.objects.create(**line, phase="rehearse", step=1, loss=0.9)
    assert curves(run)[0][1] == [(1.0, 0.9)]

    RunProgress.objects.create(**line, phase="train", step=2, loss=0.8)
    assert curves(run)[0][1] == [(2.0, 0.8)]
