from django.db.models import Exists, Func, IntegerField, OuterRef, QuerySet

from apps.registry.models import Dataset, Evaluation, Version


def pinned_suites(family: str) -> QuerySet[Dataset]:
    """The suites that versions are measured on now: of one that grew, its last edition."""
    return Dataset.objects.filter(family=family, kind=Dataset.Kind.SUITE, superseded_at__isnull=True)


def pinned_evaluations(version: Version) -> QuerySet[Evaluation]:
    """What a version answered to the pinned suites as they are now: to the last edition, and to each row."""
    answered = Func("predictions", function="jsonb_array_length", output_field=IntegerField())
    same = pinned_suites(version.family).filter(
        suite=OuterRef("suite"), digest=OuterRef("suite_digest"), rows=OuterRef("answered")
    )
    return version.evaluations.annotate(answered=answered).filter(Exists(same))


def unmeasured_suites(version: Version) -> QuerySet[Dataset]:
    """The pinned suites that a version has not answered."""
    return pinned_suites(version.family).exclude(suite__in=pinned_evaluations(version).values("suite"))
