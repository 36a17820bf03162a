import csv
from collections import Counter

import pytest

from apps.registry import families
from apps.support.engine.placeholders import Kind, Placeholder, Source
from apps.support.engine.situation import Turn
from apps.support.engine.slots import find_in
from apps.support.family import SAMPLES, SUPPORT_INTENT, build_snapshot, read_samples
from apps.support.models import Intent
from tests.apps.support.factories import make_example

FOR_PEOPLE = {"account_misused", "injury_or_hazard", "bereavement"}


def test_the_family_is_registered() -> None:
    assert families.get(SUPPORT_INTENT.name) is SUPPORT_INTENT


def test_the_samples_have_forty_intents_with_an_answer_and_three_for_people_alone() -> None:
    counts = Counter(read_samples().labels)
    with (SAMPLES / "answers.csv").open(newline="", encoding="utf-8") as file:
        answered = {row["label"] for row in csv.DictReader(file) if row["answer"].strip()}

    assert len(answered) >= 40
    assert min(counts.values()) >= 25
    assert set(counts) - answered == FOR_PEOPLE


def test_people_see_the_titles_of_intents(tracking: Intent) -> None:
    titles = families.titles_of(SUPPORT_INTENT.name, [tracking.name, "of_no_intent"])

    assert titles == {tracking.name: tracking.title, "of_no_intent": "of_no_intent"}


@pytest.mark.django_db
def test_a_service_without_knowledge_begins_with_the_samples() -> None:
    assert build_snapshot().data == read_samples()


def test_approved_examples_are_the_snapshot(tracking: Intent, refund: Intent) -> None:
    make_example(tracking, "where is it")
    make_example(refund, "money back")
    make_example(refund, "is it lost", state="pending")
    make_example(refund, "not this", state="rejected")

    data = build_snapshot().data

    assert data.texts == ("where is it", "money back")
    assert data.labels == ("track_order", "refund")  # type: ignore[union-attr]  # labelled texts


def test_a_text_that_two_intents_claim_is_not_learned(tracking: Intent, refund: Intent) -> None:
    for intent in (tracking, refund):
        make_example(intent, f"about {intent.name}")
        make_example(intent, "Where is my money?")

    assert build_snapshot().data.texts == ("about track_order", "about refund")


@pytest.mark.parametrize(
    "said",
    [
        "My order number is 48213, where is it?",
        "订单48213还没到",
        "wheres my oder 48213",
        "Order #48213.",
        "about my order, 48213",
    ],
)
def test_the_samples_find_the_number_of_an_order_as_people_write_it(said: str) -> None:
    with (SAMPLES / "placeholders.csv").open(newline="", encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["name"] == "order_id")
    order = Placeholder("order_id", Kind.IDENTIFIER, Source.CONVERSATION, pattern=row["pattern"])

    assert find_in([Turn(said)], {"order_id": order}) == {"order_id": "48213"}
