import time

import pytest

from apps.support.engine.templates import (
    MissingValueError,
    broken_in,
    nameless_in,
    names_in,
    put_in,
    render,
    spell_alike,
)


def test_names_are_found_once_and_in_order() -> None:
    assert names_in("{{b}} {{ a }} {{b}}") == ("b", "a")


def test_values_stand_where_their_names_stood() -> None:
    assert render("Order {{id}}: see {{ url }}.", {"id": "1", "url": "u"}) == "Order 1: see u."


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        ("Hi {{name}}, all is well.", "Hi, all is well."),
        ("No problem, {{name}}. It is done.", "No problem. It is done."),
        ("您好{{name}}，已经好了。", "您好，已经好了。"),
    ],
)
def test_an_empty_value_leaves_no_gap(body: str, reply: str) -> None:
    assert render(body, {"name": ""}) == reply


def test_no_placeholder_is_ever_left_in_a_reply() -> None:
    with pytest.raises(MissingValueError):
        render("Order {{id}}", {})


def test_a_value_is_not_read_as_a_template() -> None:
    assert render("{{a}} {{b}}", {"a": "{{b}}", "b": "x"}) == "{{b}} x"


def test_what_is_not_known_stays_in_braces_and_what_is_empty_takes_its_comma() -> None:
    body = "Hi {{name}}, I'm sorry, {{name}}, that {{order_id}} is late."
    assert put_in(body, {"name": ""}) == "Hi, I'm sorry, that {{order_id}} is late."


def test_placeholders_of_any_script_are_kept_and_filled() -> None:
    body = spell_alike("您的订单 {{ 订单号 }} 已发货, {{First Name}}")

    assert body == "您的订单 {{订单号}} 已发货, {{first_name}}"
    assert names_in(body) == ("订单号", "first_name")
    assert put_in(body, {"订单号": "7"}) == "您的订单 7 已发货, {{first_name}}"


@pytest.mark.parametrize("written", ["{{Order Number}}", "{{ order.number }}", "{{order-number}}"])
def test_a_placeholder_is_the_same_however_it_is_written(written: str) -> None:
    assert names_in(written) == ("order_number",)
    assert render(f"Order {written}!", {"order_number": "7"}) == "Order 7!"


def test_a_placeholder_without_a_letter_is_named_and_stays() -> None:
    assert nameless_in("{{a}} {{?!}}") == ("?!",)
    assert spell_alike("Yours, {{ ?! }}") == "Yours, {{?!}}"


@pytest.mark.parametrize(
    "body", ["Hi {{name}, x", "a {{}} b", "{{order_id", "｛｛order_id｝｝", "name}}", "{{a}} {{b}"]
)
def test_doubled_braces_that_are_no_placeholder_are_found(body: str) -> None:
    assert broken_in(body)


@pytest.mark.parametrize("body", ["Hi {{name}}{{ order_id }}.", "{a} or {b}, }{", "{{?!}}", "{{{name}}}"])
def test_placeholders_and_single_braces_are_whole(body: str) -> None:
    assert broken_in(body) == ""


def test_blanks_without_end_hold_nothing_up() -> None:
    began = time.monotonic()
    assert names_in("{{" + " " * 20_000 + "a " * 20_000 + "}" + " " * 20_000) == ()
    assert time.monotonic() - began < 1
