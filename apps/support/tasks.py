from celery import shared_task
from django.utils import timezone

from apps.support.services import routing, timers


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def route() -> None:
    """Every second: who is there, and who waits for them."""
    at = timezone.now()
    routing.route_queue(at=at)
    timers.tell_nobody_is_there(at=at)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def keep_time() -> None:
    at = timezone.now()
    timers.announce_breaches(at=at)
    timers.return_abandoned(at=at)
    timers.wake_due(at=at)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def resolve_silent() -> None:
    timers.resolve_silent(at=timezone.now())
