from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from apps.accounts.locks import only_one

pytestmark = pytest.mark.django_db


def asked_elsewhere(name: str) -> bool:
    """Whether another process could begin; the lock that it got goes with its connection."""

    def ask() -> bool:
        try:
            with only_one(name) as is_mine:
                return is_mine
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result(10)


def test_one_process_does_long_work_at_a_time() -> None:
    with only_one("work") as is_mine:
        assert is_mine
        assert not asked_elsewhere("work")
        assert asked_elsewhere("other work")
    assert asked_elsewhere("work")


def test_who_fails_lets_the_next_one_begin() -> None:
    with pytest.raises(ZeroDivisionError), only_one("work"):
        raise ZeroDivisionError
    assert asked_elsewhere("work")
