"""Run in a process of the site: its tables, its people, and two versions of one family, the first live."""

import os
import sys
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    make_people(os.environ["JOURNEY_PASSWORD"])
    make_versions(Path(sys.argv[1]))
    make_support_desk(Path(sys.argv[1]))


def make_people(password: str) -> None:
    from apps.accounts.models import User
    from apps.project.accounts_for_demo import ensure_demo_accounts

    ensure_demo_accounts(password=password)
    # Somebody whom no role was given, and somebody to lock out without locking out others.
    for name in ("outsider", "forgetful"):
        User.objects.create_user(name, password=password)


def make_support_desk(folder: Path) -> None:
    from django.utils import timezone

    from tests.journeys.support_bot import make_bot
    from tests.journeys.support_desk import make_desk
    from tests.journeys.support_lead import make_lead_work

    at = timezone.now()
    make_desk(at)
    make_bot(folder / "model", at)
    make_lead_work(at)


def make_versions(folder: Path) -> None:
    from apps.accounts.models import User
    from apps.registry import families
    from apps.registry.services.promotion import promote_version
    from tests.apps.registry.factories import NOW, make_version, write_counting_model
    from tests.journeys.apps import FAMILY
    from tests.modelcore.tiny import make_tiny_backbone

    make_tiny_backbone(folder / "tiny")
    family = families.get(FAMILY)
    model = write_counting_model(folder / "model" / "counting")
    first = make_version(family, model, wrong=(0, 3, 5))
    make_version(family, model, wrong=(7,))
    owner = User.objects.get(username="owner")
    promote_version(version=first, alias="champion", actor=owner, reason="The first one.", at=NOW)


if __name__ == "__main__":
    main()
