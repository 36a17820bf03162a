from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from apps.support.models import Placeholder
from apps.support.selectors.standing import stamp_of
from apps.support.services.placeholders import PlaceholderText, save_placeholder
from apps.support.services.standing import ChangedMeanwhileError
from tests.apps.support.factories import make_intent


@pytest.mark.django_db
def test_a_stamp_is_of_all_that_a_row_says() -> None:
    intent = make_intent("refund")
    before = stamp_of(intent)
    intent.skill = "money"

    assert stamp_of(intent) != before
    intent.refresh_from_db()
    assert stamp_of(intent) == before
    assert stamp_of(None) == ""


def add(fallback: str) -> bool:
    text = PlaceholderText("order_id", "text", "customer", "", "", "fallback", "", fallback)
    try:
        save_placeholder(text=text, seen="")
    except ChangedMeanwhileError:
        return False
    finally:
        connections.close_all()
    return True


@pytest.mark.django_db(transaction=True)
def test_of_those_who_add_a_placeholder_at_once_one_does_and_the_others_are_told() -> None:
    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(add, "abcd"))

    assert sorted(added) == [False, False, False, True]
    assert Placeholder.objects.get().fallback == "abcd"[added.index(True)]
