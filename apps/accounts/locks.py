"""Advisory locks of PostgreSQL, by name: whoever has to follow another waits for the same one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def lock(name: str) -> None:
    """Hold it until the transaction ends."""
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
