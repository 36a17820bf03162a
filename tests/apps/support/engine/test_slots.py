import time

import pytest

from apps.support.engine.placeholders import Kind, Placeholder, Source, WhenMissing, typed
from apps.support.engine.slots import Filled, answer_to, fill, find_in

ORDER = Placeholder(
    "order_id",
    Kind.IDENTIFIER,
    Source.CONVERSATION,
    WhenMissing.ASK,
    pattern=r"(?:order|#)\s*(?:no\.?)?\s*([A-Z]{0,4}-?\d{4,12})",
    question="Which order?",
)
PRODUCT = Placeholder("product", Kind.TEXT, Source.CONVERSATION, WhenMissing.ASK, question="Which product?")
NAME = Placeholder("name", Kind.TEXT, Source.CUSTOMER, WhenMissing.FALLBACK)
REFUND = Placeholder("refund", Kind.MONEY, Source.CUSTOMER)
DAYS = Placeholder("days", Kind.NUMBER, Source.SETTING, value="30")
ALL = {one.name: one for one in (ORDER, PRODUCT, NAME, REFUND, DAYS)}

TYPED = [
    (Kind.NUMBER, "3,50", True),
    (Kind.NUMBER, "three", False),
    (Kind.MONEY, "€ 12.50", True),
    (Kind.MONEY, "12,50 euro", True),
    (Kind.MONEY, "12", False),
    (Kind.DATE, "2026-02-29", False),
    (Kind.DATE, "29 February", True),
    (Kind.DATE, "March 3rd, 2026", True),
    (Kind.DATE, "3月5日", True),
    (Kind.IDENTIFIER, "#AB-1234", True),
    (Kind.IDENTIFIER, "my order", False),
    (Kind.URL, "https://shop.example/a?b=1", True),
    (Kind.URL, "javascript:alert(1)", False),
    (Kind.TEXT, "{{order_id}}", False),
    (Kind.TEXT, "x" * 81, False),
    (Kind.TEXT, True, False),
    (Kind.TEXT, None, False),
]


@pytest.mark.parametrize(("kind", "value", "is_valid"), TYPED)
def test_values_are_of_their_kind(kind: Kind, value: object, is_valid: bool) -> None:
    assert (typed(value, kind) is not None) is is_valid


def test_the_last_value_in_the_conversation_counts() -> None:
    said = ["My order 11111 is late", "sorry, order 22222", "and order #33333, not order no. 44444!"]
    assert find_in(said[:2], ALL.values()) == {"order_id": "22222"}
    assert find_in(said, ALL.values()) == {"order_id": "44444"}


@pytest.mark.parametrize("reply", ["48213", "it's 48213", "#48213.", "The number is 48213, thanks"])
def test_a_bare_value_answers_what_was_asked(reply: str) -> None:
    assert (answer_to(ORDER, reply) or "").lstrip("#") == "48213"


@pytest.mark.parametrize(
    "reply", ["I don't have it", "How do I find 48213 in my account and what is it good for?"]
)
def test_something_else_is_no_answer_to_what_was_asked(reply: str) -> None:
    assert answer_to(ORDER, reply) is None


def test_a_text_is_taken_without_what_leads_to_it() -> None:
    assert answer_to(PRODUCT, "It's the blue kettle.") == "blue kettle"
    assert answer_to(PRODUCT, "Where do I see that?") is None
    assert answer_to(PRODUCT, "I don't know its name") is None


def test_values_come_from_conversation_context_and_settings() -> None:
    body = "{{name}} {{order_id}} {{days}} {{refund}}"
    context = {"name": "Mara", "refund": "€ 5.00", "days": "99"}
    assert fill(body, ALL, found={"order_id": "48213"}, context=context) == Filled(
        {"name": "Mara", "order_id": "48213", "days": "30", "refund": "€ 5.00"}
    )


def test_a_missing_value_is_named_and_a_fallback_stands_in() -> None:
    filled = fill("{{name}} {{order_id}} {{refund}} {{other}}", ALL, found={}, context={"refund": "soon"})
    assert filled == Filled({"name": ""}, ("order_id", "refund", "other"))


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"("])
def test_a_careless_pattern_holds_nothing_up(pattern: str) -> None:
    careless = Placeholder("x", Kind.TEXT, Source.CONVERSATION, pattern=pattern)
    began = time.monotonic()
    assert find_in(["a" * 3000 + "!"], [careless]) == {}
    assert time.monotonic() - began < 1
