from celery import shared_task
from django.core.management import call_command


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def clear_sessions() -> None:
    """Those that have expired; nothing else removes their rows."""
    call_command("clearsessions")
