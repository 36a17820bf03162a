"""Databases beside the one of the tests, for programs that run on their own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from django.conf import settings

from apps.project.stores import with_redis_database


@contextmanager
def empty_database(prefix: str) -> Iterator[str]:
    """The address of a new database on the server of this test run; it goes away with the block."""
    base, _, _ = str(settings.DATABASE_URL).rpartition("/")
    name = f"{prefix}_{uuid4().hex[:12]}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{base}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def redis_beside(first: int) -> str:
    """The Redis of this test run with a key space of its own for each parallel test process.

    Args:
        first: above the numbers that the test processes themselves take.
    """
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return with_redis_database(str(settings.REDIS_URL), first + process)
