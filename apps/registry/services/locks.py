"""Advisory locks: writers that have to follow one another wait for one, which ends with their transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Whether this process may do long work now: False while another is at it. Ends with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
