import pytest
from django.db import transaction

from apps.support.services import answering_soon
from apps.support.services.answering_soon import answer_soon

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for_threads() -> None:
    answering_soon._pool().submit(int).result(5)


def test_the_bot_begins_after_the_commit(silent_bot: list[int]) -> None:
    with transaction.atomic():
        answer_soon(7)
        assert silent_bot == []
    wait_for_threads()
    assert silent_bot == [7]


def test_what_was_rolled_back_is_not_answered(silent_bot: list[int]) -> None:
    with transaction.atomic():
        answer_soon(7)
        transaction.set_rollback(True)
    wait_for_threads()
    assert silent_bot == []
