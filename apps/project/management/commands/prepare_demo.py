import os
import time
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.accounts.models import User
from apps.project.accounts_for_demo import ensure_demo_accounts
from apps.registry.models import Run, RunState
from apps.registry.models.runs import ENDED_STATES
from apps.registry.selectors.aliases import champion_of
from apps.registry.services.seeding import seed_demo, seed_later
from apps.registry.tasks import dispatch_run

POLL_SECONDS = 0.5
SAY_SECONDS = 5.0


class Command(BaseCommand):
    help = "Bring the tables, the accounts (password in DEMO_PASSWORD) and the models of the demo into being."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        self.compile_catalogues()
        ensure_demo_accounts(password=os.environ["DEMO_PASSWORD"])
        # The supervisor starts the workers when it reads this; the runs below need them.
        self.say("prepared")
        owner = User.objects.get(username="owner")
        runs = seed_demo(at=timezone.now(), actor=owner)
        for run in runs:
            dispatch_run(run.pk)
        self.wait_for([run.pk for run in runs])
        self.wait_for_apps()
        for run in seed_later(at=timezone.now(), actor=owner):
            dispatch_run(run.pk)
            self.say(f"{run.family}: is trained next, while you look around")

    def compile_catalogues(self) -> None:
        stale = [
            source
            for source in settings.BASE_DIR.glob("locale/*/LC_MESSAGES/*.po")
            if not (compiled := source.with_suffix(".mo")).exists()
            or compiled.stat().st_mtime < source.stat().st_mtime
        ]
        if stale:
            call_command("translations", "--compile")

    def wait_for(self, run_ids: list[int]) -> None:
        waiting, said_at = list(run_ids), 0.0
        while waiting:
            for run in Run.objects.filter(pk__in=waiting):
                if run.state in ENDED_STATES:
                    self.finish(run)
                    waiting.remove(run.pk)
                elif run.state == RunState.RUNNING and time.monotonic() - said_at > SAY_SECONDS:
                    said_at = time.monotonic()
                    self.say(f"{run.family}: {run.phase or 'starting'}{progress_of(run)}")
            time.sleep(POLL_SECONDS)

    def wait_for_apps(self) -> None:
        said = ""
        while what := " and ".join(filter(None, map(still_making, apps.get_app_configs()))):
            if what != said:
                said = what
                self.say(f"making {what}")
            time.sleep(POLL_SECONDS)

    def finish(self, run: Run) -> None:
        if run.state != RunState.SUCCEEDED:
            raise CommandError(f"{run.family}: the run ended as {run.state}. {run.error}")
        if champion_of(run.family) is None:
            raise CommandError(
                f"{run.family}: the new version did not pass the gate, so nothing answers for it."
            )
        self.say(f"{run.family}: trained, checked and live")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def still_making(config: AppConfig) -> str:
    """What the workers have to make yet before this app does all that it can."""
    told = getattr(config, "still_making", None)
    return "" if told is None else str(told())


def progress_of(run: Run) -> str:
    """Where the run is, or what it said last where it doesn't count steps."""
    if run.total_steps:
        left = f", {run.eta_seconds:.0f} s left" if run.eta_seconds else ""
        return f" {run.step}/{run.total_steps}{left}"
    last = run.progress.order_by("pk").last()
    return f": {last.message}" if last and last.message else ""
