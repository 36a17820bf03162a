import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps.project.settings.local")

app = Celery("berth")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]  # celery has no types
def log_as_django_does(**_: Any) -> None:
    """Whoever hears of this signal sets logging up, and Django has."""


@app.on_after_finalize.connect  # type: ignore[untyped-decorator]  # celery has no types
def collect_beat_schedules(sender: Celery, **_: Any) -> None:
    """An app that has periodic work says so in its AppConfig as `beat_schedule`."""
    from django.apps import apps

    for config in apps.get_app_configs():
        sender.conf.beat_schedule.update(getattr(config, "beat_schedule", {}))
