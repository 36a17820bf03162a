from django.db.models import Exists, OuterRef, QuerySet

from apps.registry.models import Dataset, Evaluation, Version


def pinned_suites(family: str) -> QuerySet[Dataset]:
    """The suites that versions are measured on now: of one that grew, its last edition."""
    return Dataset.objects.filter(family=family, kind=Dataset.Kind.SUITE, superseded_at__isnull=True)


def pinned_evaluations(version: Version) -> QuerySet[Evaluation]:
    """What a version answered to the pinned suites as they are now: to an earlier edition does not count."""
    same = pinned_suites(version.family).filter(suite=OuterRef("suite"), digest=OuterRef("suite_digest"))
    return version.evaluations.filter(Exists(same))


def unmeasured_suites(version: Version) -> QuerySet[Dataset]:
    """The pinned suites that a version has not answered."""
    return pinned_suites(version.family).exclude(suite__in=pinned_evaluations(version).values("suite"))
