from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.registry.services.seeding import seed_demo, seed_later
from apps.registry.tasks import dispatch_run


class Command(BaseCommand):
    help = "Import every family's samples and queue the runs of the demo families that have no champion."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        waiting = [*seed_demo(at=at), *seed_later(at=at)]
        for run in waiting:
            dispatch_run(run.pk)
            self.stdout.write(f"{run.family}: run {run.pk} is queued.")
        if not waiting:
            self.stdout.write("Nothing to do: every demo family has a champion.")
