import pytest
from django.db import OperationalError

from apps.accounts.models import User
from apps.streams.sweeps import sweep


def test_what_fails_comes_after_the_others_and_names_its_row() -> None:
    seen: list[int] = []

    def change(row: int) -> int:
        if row == 1:
            raise KeyError("slots")
        seen.append(row)
        return 1

    with pytest.raises(ExceptionGroup) as failed:
        sweep([1, 2, 3], change)

    assert seen == [2, 3]
    assert [error.__notes__ for error in failed.value.exceptions] == [["while sweeping 1"]]


def test_what_a_row_is_called_is_not_told() -> None:
    with pytest.raises(ExceptionGroup) as failed:
        sweep([User(pk=7, username="Mara Lind")], lambda user: 1 // 0)

    assert failed.value.exceptions[0].__notes__ == ["while sweeping 7"]


def test_a_database_that_went_away_ends_it_at_once() -> None:
    seen: list[int] = []

    def change(row: int) -> int:
        seen.append(row)
        raise OperationalError

    with pytest.raises(OperationalError):
        sweep([1, 2], change)

    assert seen == [1]


def test_what_was_changed_is_added_up() -> None:
    assert sweep(["", "ab", "c"], len) == 3
