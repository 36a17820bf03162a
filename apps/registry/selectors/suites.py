from django.db.models import QuerySet

from apps.registry.models import Dataset


def pinned_suites(family: str) -> QuerySet[Dataset]:
    """The suites that versions are measured on now: of one that grew, its last edition."""
    return Dataset.objects.filter(family=family, kind=Dataset.Kind.SUITE, superseded_at__isnull=True)
