"""A training worker in a process of its own, for tests that kill it; takes a run's id and a folder."""

import sys
from pathlib import Path

import django


def main(run_id: int, place: Path) -> None:
    django.setup()
    from django.conf import settings

    from apps.registry import families
    from apps.registry.services import execution
    from tests.apps.registry.factories import make_tiny_family

    settings.ARTIFACT_STORE = (place / "store").as_uri()
    settings.ARTIFACT_CACHE = place / "cache"
    settings.RUN_WORK_DIR = place / "runs"
    families.register(make_tiny_family(place / "tiny"))
    execution.CHECKPOINT_SECONDS = 0.1
    execution.execute_run(run_id=run_id, worker="process")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
