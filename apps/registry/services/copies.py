"""Copies of artifacts on this machine, which are fetched from the store again when they are wanted again."""

from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings

from modelcore.artifacts import clear_copies

KEPT = timedelta(days=1)


def clear_artifact_copies(*, at: datetime) -> int:
    """Remove those that are in nobody's use and were not fetched for a day; how many folders went.

    An app whose rows name artifacts says in its AppConfig, as `names_artifact`, whether one does that has to
    be at hand while the store is away.
    """
    return clear_copies(Path(settings.ARTIFACT_CACHE), is_kept=_is_in_use, before=at - KEPT)


def _is_in_use(digest: str) -> bool:
    configs = apps.get_app_configs()
    return any(config.names_artifact(digest) for config in configs if hasattr(config, "names_artifact"))
