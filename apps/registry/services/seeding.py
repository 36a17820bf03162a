"""The demo's models: from the samples to champions, once."""

from datetime import datetime

from django.apps import apps

from apps.accounts.models import User
from apps.registry import families
from apps.registry.models import Run
from apps.registry.models.runs import OPEN_STATES
from apps.registry.selectors.aliases import champion_of
from apps.registry.services.datasets import import_snapshot
from apps.registry.services.runs import queue_run


def seed_demo(*, at: datetime, actor: User | None = None) -> list[Run]:
    """Import every family's samples, pin its suites and queue a run for each demo family without a champion.

    An app that has samples of its own to begin with says so in its AppConfig as `seed_samples`, and as
    `still_making` what workers have to make of them and of the models.

    Returns the runs that have to end before the demo is ready; none when it is.
    """
    for config in apps.get_app_configs():
        seed_samples = getattr(config, "seed_samples", None)
        if seed_samples is not None:
            seed_samples(at=at)
    waiting = []
    for family in families.all():
        dataset = import_snapshot(family=family.name, at=at, actor=actor)
        if not family.trained_in_demo or champion_of(family.name) is not None:
            continue
        pending = Run.objects.filter(
            family=family.name, state__in=OPEN_STATES, promote_when_passed=True
        ).first()
        waiting.append(
            pending or queue_run(dataset=dataset, changes={}, actor=actor, at=at, promote_when_passed=True)
        )
    return waiting
