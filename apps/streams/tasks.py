from celery import shared_task
from django.utils import timezone

from apps.streams.services import notifications, retention


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def relay_outbox() -> None:
    notifications.relay_outbox(at=timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def prune_events() -> None:
    retention.prune_events(at=timezone.now())
