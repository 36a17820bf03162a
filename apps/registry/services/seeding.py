"""The demo's models: from the samples to champions, once."""

from datetime import datetime

from django.apps import apps

from apps.accounts.models import User
from apps.registry import families
from apps.registry.models import Dataset, Run
from apps.registry.models.runs import OPEN_STATES
from apps.registry.selectors.aliases import champion_of
from apps.registry.services.datasets import import_snapshot
from apps.registry.services.runs import queue_run


def seed_demo(*, at: datetime, actor: User | None = None) -> list[Run]:
    """Import samples, pin suites and queue a run for each family that the demo begins with.

    An app that has samples of its own to begin with says so in its AppConfig as `seed_samples`, and as
    `still_making` what workers have to make of them and of the models.

    Returns the runs that have to end before the demo is ready; none when it is.
    """
    for config in apps.get_app_configs():
        seed_samples = getattr(config, "seed_samples", None)
        if seed_samples is not None:
            seed_samples(at=at)
    return _seed(("first", "never"), at, actor)


def seed_later(*, at: datetime, actor: User | None = None) -> list[Run]:
    """The same for the families that the demo is ready without."""
    return _seed(("later",), at, actor)


def _seed(stages: tuple[str, ...], at: datetime, actor: User | None) -> list[Run]:
    waiting = []
    for family in families.all():
        if family.in_demo not in stages:
            continue
        dataset = import_snapshot(family=family.name, at=at, actor=actor)
        if family.in_demo != "never" and champion_of(family.name) is None:
            waiting.append(_run_on(dataset, at, actor))
    return waiting


def _run_on(dataset: Dataset, at: datetime, actor: User | None) -> Run:
    """The run that was queued before and goes on, or a new one."""
    open_runs = Run.objects.filter(family=dataset.family, state__in=OPEN_STATES, promote_when_passed=True)
    return open_runs.first() or queue_run(
        dataset=dataset, changes={}, actor=actor, at=at, promote_when_passed=True
    )
