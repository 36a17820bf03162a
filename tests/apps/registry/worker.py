"""A training worker in a process of its own, for tests that kill it; takes a folder and the ids of runs."""

import sys
from pathlib import Path

import django


def main(place: Path, run_ids: list[int]) -> None:
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
    vars(execution)["VARIANTS"] = {}  # they kill it before it quantises
    for run_id in run_ids:
        execution.execute_run(run_id=run_id, worker="process")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(run_id) for run_id in sys.argv[2:]])
