"""What runs and killed workers left on the disk of a worker."""

import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from apps.registry.models import Run, RunState

KEPT = timedelta(days=30)
SCRATCH_KEPT = timedelta(days=1)  # far longer than anything is packed


def clear_run_folders(*, at: datetime) -> int:
    """Remove what nobody resumes from or looks into any more; how many folders went."""
    root = Path(settings.RUN_WORK_DIR)
    folders = {int(one.name): one for one in root.glob("*") if one.name.isdecimal()}
    is_over = Q(state=RunState.SUCCEEDED) | Q(finished_at__lt=at - KEPT)
    over = Run.objects.filter(is_over, pk__in=folders).values_list("pk", flat=True)
    for run_id in over:
        shutil.rmtree(folders[run_id], ignore_errors=True)
    return len(over)


def clear_scratch(*, at: datetime) -> int:
    """Remove what a worker that was killed could not tidy up; how many folders went."""
    gone = 0
    for folder in Path(settings.SCRATCH_DIR).glob("*"):
        with suppress(FileNotFoundError):  # its owner was faster
            if folder.stat().st_mtime < (at - SCRATCH_KEPT).timestamp():
                shutil.rmtree(folder, ignore_errors=True)
                gone += 1
    return gone
