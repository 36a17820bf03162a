"""What runs left on the disk of the worker that worked on them."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from apps.registry.models import Run, RunState

KEPT = timedelta(days=30)


def clear_run_folders(*, at: datetime) -> int:
    """Remove what nobody resumes from or looks into any more; how many folders went."""
    root = Path(settings.RUN_WORK_DIR)
    folders = {int(one.name): one for one in root.glob("*") if one.name.isdecimal()}
    is_over = Q(state=RunState.SUCCEEDED) | Q(finished_at__lt=at - KEPT)
    over = Run.objects.filter(is_over, pk__in=folders).values_list("pk", flat=True)
    for run_id in over:
        shutil.rmtree(folders[run_id], ignore_errors=True)
    return len(over)
