"""Writers that have to follow one another wait for an advisory lock, which ends with their transaction."""

from django.db import connection


def lock_numbers(family: str) -> None:
    """Two registrations of one family follow one another, so that no number is lost or given twice."""
    lock(f"registry.version:{family}")


def lock_suite(family: str, suite: str) -> None:
    """Two editions of a suite follow one another, so that none is lost."""
    lock(f"registry.suite:{family}:{suite}")


def lock_file(path: str) -> None:
    """What happens to one file of the store happens one after the other."""
    lock(f"registry.file:{path}")


def lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
